import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../src/engine/duckdb";
import { LogisticRegression } from "../../../src/train/logistic-regression";

import {
  engine,
  estimator,
  flightsThere,
  namesOf,
  near,
  onCluster,
  options,
  select,
  table,
  undisturbed,
} from "./flights";

onCluster();

test("the flights on two executors have the embedded engine's answer, within 20 rounds to a gap of 1e-4", async () => {
  const ours = await undisturbed();
  near(ours, await estimator.fit(table, { engine: duckdb({}) }));
  const { history, objective } = ours.fit;
  const rounds = history.findIndex((step) => step.objective - objective < 1e-4 * objective);
  assert.ok(rounds <= 20, `${rounds} rounds`);
});

test("rows are encoded as others were, and sums in SQL alone are those of the embedded engine", async () => {
  const all = await flightsThere();
  const early = { ...table, select: `${select} WHERE hour < '10'` };
  const some = await engine().encode(early, {}, all.encoder);
  assert.deepEqual(namesOf(some.encoder), namesOf(all.encoder));
  const model = await undisturbed();
  const { logLoss } = await some.evaluate(model);
  await some.close();
  const known = await duckdb({}).encode(early, {}, all.encoder);
  assert.ok(Math.abs(logLoss - (await known.evaluate(model)).logLoss) < 1e-12);
  known.close();
  const ridge = new LogisticRegression({ ...options, tolerance: 1e-5 });
  const sums = engine({ compute: "sql" });
  const words = { ...early, text: "origin", categorical: "hour" };
  await assert.rejects(sums.encode(words), { code: "invalid-option", message: /compute for text/ });
  near(await ridge.fit(early, { engine: sums }), await ridge.fit(early, { engine: duckdb({}) }));
});
