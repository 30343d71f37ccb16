import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ambientSignal, listening, setAmbientSignal } from "../../src/base/ambient-signal";
import { Dataset } from "../../src/matrix/dataset";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";

afterEach(() => setAmbientSignal(undefined));

const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 5]);
const data = Dataset.from({ features: rows, labels: rows.map(([a, b]) => a + b > 0) });

test("outside a notebook a step hears of its own signal alone", () => {
  const { signal } = new AbortController();
  assert.equal(ambientSignal(), undefined);
  assert.deepEqual(listening({ signal }), { signal });
  assert.deepEqual(listening({}), {});
});

test("in a cell it hears of both, and of no later cell's", () => {
  const [first, second, own] = [new AbortController(), new AbortController(), new AbortController()];
  setAmbientSignal(first.signal);
  const both = listening({ signal: own.signal });
  const cellOnly = listening({});
  setAmbientSignal(second.signal);
  assert.equal(listening(both), both);
  assert.equal(listening(cellOnly), cellOnly);
  second.abort();
  assert.ok(!both.signal?.aborted && !cellOnly.signal?.aborted);
  own.abort();
  assert.ok(both.signal?.aborted && !cellOnly.signal?.aborted);
  first.abort();
  assert.ok(cellOnly.signal?.aborted);
});

test("an interrupted cell's steps are cancelled without a signal of their own", async () => {
  const model = await new LogisticRegression({ lambda: 0.1 }).fit(data);
  const cell = new AbortController();
  setAmbientSignal(cell.signal);
  cell.abort();
  const cancelled = { code: "cancelled" };
  await assert.rejects(new LogisticRegression({ lambda: 0.1 }).fit(data), cancelled);
  await assert.rejects(prune(model, { strategy: "magnitude", sparsity: 0.5 }), cancelled);
  await assert.rejects(quantize(model, { method: "uniform", bits: 3 }), cancelled);
});
