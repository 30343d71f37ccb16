import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import { TableEncoder } from "../../src/frame/encoder";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { near } from "./near";
import { leftBehind, people, temporary, write } from "./tables";

const engine = duckdb({ memoryLimit: "400MB", threads: 2, temporaryFolder: temporary });
const columns = { label: "label", categorical: ['ci"ty', "code"], numeric: "age" } as const;
const two = ["no", "yes"];
const three = ["a", "b", "c"];

async function both(
  name: string,
  classes: readonly string[],
  options: LogisticRegressionOptions,
): Promise<void> {
  const table = people(3000, 7, classes);
  const path = await write(table, "parquet", `${name}.parquet`);
  const data = TableEncoder.fit(table, columns).transform(table);
  const estimator = new LogisticRegression({ tolerance: 1e-14, threads: 2, ...options });
  const ours = await estimator.fit({ parquet: path, ...columns }, { engine });
  const theirs = await estimator.fit(data);
  near(ours, theirs);
  assert.equal(ours.fit.solver === "prox-newton", theirs.fit.solver === "prox-newton");
  assert.match(ours.fit.solverReason!, options.solver !== undefined ? /option/ : /rows on disk|weights zero/);
  assert.ok(ours.fit.converged);
  if (Number.isFinite(theirs.fit.dualityGap)) assert.ok(ours.fit.dualityGap <= 1e-11 * ours.fit.objective);
  assert.deepEqual(leftBehind(), []);
}

test("L1, two classes", async () => {
  await both("l1", two, { penalty: "l1", lambda: 0.01 });
  await both("l1-weak", two, { penalty: "l1", lambda: 1e-4, classWeight: "balanced" });
  await both("l1-strong", two, { penalty: "l1", lambda: 10 });
  await both("l1-bare", two, { penalty: "l1", lambda: 0.003, fitIntercept: false });
});

test("elastic net, with weights of the penalty, and bounds", async () => {
  await both("net", two, { penalty: "elasticnet", lambda: 0.01, l1Ratio: 0.3 });
  const penaltyWeights = { age: 0 };
  await both("net-free", two, { penalty: "elasticnet", lambda: 0.02, penaltyWeights });
  await both("bounds", two, { penalty: "l2", lambda: 0.001, bounds: { lower: 0 } });
});

test("groups of features", async () => {
  const groups = [
    [0, 1, 2],
    [3, 4, 5, 6],
  ];
  await both("group", two, { penalty: "group", lambda: 0.01, groups });
});

test("several classes by one sigmoid each", async () => {
  await both("ovr-l1", three, { penalty: "l1", lambda: 0.004, multiclass: "ovr" });
});

test("several classes by softmax, smooth and sparse", async () => {
  await both("softmax-l2", three, { penalty: "l2", lambda: 1e-3, multiclass: "softmax" });
  await both("softmax-l1", three, { penalty: "l1", lambda: 0.004, multiclass: "softmax" });
  await both("softmax-net", three, {
    ...{ penalty: "elasticnet", lambda: 0.004, multiclass: "softmax", tolerance: 1e-15 },
  });
  await both("softmax-group", three, { penalty: "group", lambda: 0.004, multiclass: "softmax" });
});
