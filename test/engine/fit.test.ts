import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import type { DuckDbTable } from "../../src/engine/source";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import { Dataset } from "../../src/matrix/dataset";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { near } from "./near";
import { leftBehind, people, temporary, write } from "./tables";

const engine = duckdb({ memoryLimit: "400MB", threads: 2, temporaryFolder: temporary });
const columns = { label: "label", categorical: ['ci"ty', "code"], numeric: "age" } as const;
const tight = { tolerance: 1e-14, lambda: 1e-3, multiclass: "ovr", threads: 2 } as const;

async function both(
  kind: "parquet" | "csv" | "database",
  classes: readonly string[],
  options: LogisticRegressionOptions,
): Promise<void> {
  const table = people(3000, 1, classes);
  const path = await write(table, kind, `people-${classes.length}.${kind}`);
  const source: DuckDbTable =
    kind === "database"
      ? { database: path, table: 'my "people', ...columns }
      : kind === "csv"
        ? { csv: path, ...columns }
        : { parquet: [path], ...columns };
  const before = readFileSync(path);
  const data = TableEncoder.fit(table, columns).transform(table);
  const estimator = new LogisticRegression({ ...tight, ...options });
  near(await estimator.fit(source, { engine }), await estimator.fit(data));
  assert.ok(before.equals(readFileSync(path)), "the source was written to");
  assert.deepEqual(leftBehind(), []);
}

test("a fit to a table on disk is the fit in memory", async () => {
  await both("parquet", ["no", "yes"], {});
  await both("csv", ["no", "yes"], { classWeight: "balanced" });
  await both("database", ["no", "yes"], { fitIntercept: false });
});

test("several classes, one sigmoid each, and no penalty", async () => {
  await both("parquet", ["a", "b", "c"], {});
  const options = { penalty: "none", tolerance: 1e-9, maxIterations: 500 } as const;
  const table = people(2000, 4, ["no", "yes"]);
  const path = await write(table, "parquet", "free.parquet");
  const spec = { label: "label", numeric: ["age"] } as const;
  const estimator = new LogisticRegression(options);
  const data = TableEncoder.fit(table, spec).transform(table);
  near(await estimator.fit({ parquet: path, ...spec }, { engine }), await estimator.fit(data));
});

test("the last that a fit tells is its last iteration, however fast it was", async () => {
  const path = await write(people(3000, 1, ["no", "yes"]), "parquet", "last.parquet");
  const told: number[] = [];
  const watch = { engine, onProgress: ({ done }: { done: number }) => told.push(done) };
  const { fit } = await new LogisticRegression(tight).fit({ parquet: path, ...columns }, watch);
  assert.equal(told.at(-1), fit.iterations);
});

test("equal rows are stored once, and rows that differ all are, with the same fit", async () => {
  const few = people(4000, 2, ["no", "yes"]);
  const many = { ...few, age: few.age.map((age, i) => age + i / 1000) };
  const packed = [];
  for (const [name, table] of [
    ["few", few],
    ["many", many],
  ] as const) {
    const path = await write(table, "parquet", `${name}.parquet`);
    const own = await engine.encode({ parquet: path, ...columns });
    packed.push(own.distinctRows);
    assert.equal(own.rows, 4000);
    const estimator = new LogisticRegression(tight);
    const model = await estimator.fit(own, { engine });
    const data = TableEncoder.fit(table, columns).transform(table);
    near(model, await estimator.fit(data));
    const ours = await own.evaluate(model);
    const theirs = evaluate(model, data);
    assert.equal(ours.weight, 4000);
    assert.equal(ours.accuracy, theirs.accuracy);
    assert.ok(Math.abs(ours.logLoss - theirs.logLoss) < 1e-12);
    assert.ok(Math.abs(ours.brier - theirs.brier) < 1e-12);
    assert.ok(Math.abs(ours.auc - theirs.auc!) <= ours.aucError + 1e-12);
    own.close();
  }
  assert.ok(packed[0] < 2700, `${packed[0]} rows`);
  assert.equal(packed[1], 4000);
  assert.deepEqual(leftBehind(), []);
});

test("the bits do not depend on threads, nor on which made the rows", async () => {
  const path = await write(people(5000, 3, ["no", "yes"]), "parquet", "bits.parquet");
  const fits = [1, 2].map((threads) =>
    new LogisticRegression({ ...tight, threads }).fit(
      { parquet: path, ...columns },
      { engine: duckdb({ threads, temporaryFolder: temporary }) },
    ),
  );
  const [one, two] = await Promise.all(fits);
  assert.deepEqual(one.weights, two.weights);
});

test("a table's own SELECT, weights of rows, and test rows encoded as training rows", async () => {
  const table = people(2000, 5, ["no", "yes"]);
  const path = await write(table, "parquet", "select.parquet");
  const source = {
    parquet: path,
    select: `SELECT age > 30 AS old, code, age AS w FROM source WHERE code <> '03'`,
    label: "old",
    categorical: "code",
    weights: "w",
  };
  const own = await engine.encode(source);
  assert.deepEqual(own.encoder.classes, [false, true]);
  const test = await engine.encode({ ...source, select: source.select.replace("03", "04") }, {}, own.encoder);
  const kept = table.age.map((_, i) => i).filter((i) => table.code[i] !== "03");
  const rows = { code: kept.map((i) => table.code[i]), old: kept.map((i) => table.age[i] > 30) };
  const encoder = TableEncoder.fit(rows, { label: "old", categorical: "code" });
  const plain = encoder.transform(rows);
  const estimator = new LogisticRegression(tight);
  const data = Dataset.from({
    features: plain.features,
    labels: rows.old,
    featureNames: plain.featureNames,
    weights: kept.map((i) => table.age[i]),
  });
  const model = await estimator.fit(own, { engine });
  near(model, await estimator.fit(data));
  assert.equal(test.encoder.columns, own.encoder.columns);
  assert.ok((await test.evaluate(model)).logLoss > 0);
  own.close();
  test.close();
});
