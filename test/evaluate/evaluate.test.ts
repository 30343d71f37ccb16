import assert from "node:assert/strict";
import { test } from "node:test";
import { sigmoid } from "../../src/base/sigmoid";
import type { CalibrationBin } from "../../src/evaluate/calibration";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { binomialTest } from "../../src/evaluate/significance";
import { Dataset } from "../../src/matrix/dataset";
import { modelOf, normals, randomData } from "./models";

const quick = { latencyRows: 0 };
const one = modelOf(["n", "p"], "binary", [1], [0]);
const four = Dataset.from({ features: [[-2], [-1], [1], [1]], labels: ["n", "p", "n", "p"] });

test("four rows by hand", () => {
  const e = evaluate(one, four, quick);
  assert.equal(e.accuracy, 0.5);
  assert.equal(e.balancedAccuracy, 0.5);
  assert.equal(e.f1, 0.5);
  assert.equal(e.auc, 2.5 / 4);
  assert.deepEqual(Array.from(e.confusion.counts), [1, 1, 1, 1]);
  const losses = [sigmoid(2), sigmoid(-1), sigmoid(-1), sigmoid(1)].map((p) => -Math.log(p));
  assert.ok(Math.abs(e.logLoss - losses.reduce((a, b) => a + b) / 4) < 1e-15);
  const brier = (sigmoid(-2) ** 2 + sigmoid(1) ** 2 + sigmoid(1) ** 2 + sigmoid(-1) ** 2) / 4;
  assert.ok(Math.abs(e.brier - brier) < 1e-15);
  assert.equal(e.operations, 1);
});

test("the calibration error by hand: bins of the predicted class", () => {
  const e = evaluate(one, four, { ...quick, bins: 10 });
  const low = Math.abs(3 * sigmoid(1) - 1);
  const high = Math.abs(sigmoid(2) - 1);
  assert.ok(Math.abs(e.ece - (low + high) / 4) < 1e-15);
});

test("the area is the share of ordered pairs, whatever the scores", () => {
  const data = randomData(["n", "p"], 120, 8);
  const model = modelOf(["n", "p"], "binary", normals(5, 9), [0]);
  const { values } = model.margins(data.features);
  let ordered = 0;
  let pairs = 0;
  for (let i = 0; i < data.rows; i++) {
    for (let j = 0; j < data.rows; j++) {
      if (data.labels[i] !== 1 || data.labels[j] !== 0) continue;
      const weight = data.weights![i] * data.weights![j];
      pairs += weight;
      ordered += weight * (values[i] > values[j] ? 1 : values[i] === values[j] ? 0.5 : 0);
    }
  }
  assert.ok(Math.abs(evaluate(model, data, quick).auc - ordered / pairs) < 1e-12);
});

test("weights count as repeated rows, and a far margin leaves the loss finite", () => {
  const rows = [[-2], [-1], [1], [1], [1]];
  const repeated = Dataset.from({ features: rows, labels: ["n", "p", "n", "p", "p"] });
  const weighted = Dataset.from({
    features: rows.slice(0, 4),
    labels: ["n", "p", "n", "p"],
    weights: [1, 1, 1, 2],
  });
  const [a, b] = [evaluate(one, repeated, quick), evaluate(one, weighted, quick)];
  for (const name of ["accuracy", "balancedAccuracy", "logLoss", "auc", "f1", "brier", "ece"] as const) {
    assert.ok(Math.abs(a[name] - b[name]) < 1e-15, name);
  }
  const far = Dataset.from({ features: [[1e6], [-1]], labels: ["n", "p"] });
  assert.ok(Math.abs(evaluate(one, far, quick).logLoss - (1e6 + Math.log1p(Math.E)) / 2) < 1e-6);
});

test("a comparison keeps its order and measures against the first", () => {
  const data = randomData(["n", "p"], 200, 11);
  const weights = normals(5, 12);
  const model = modelOf(["n", "p"], "binary", weights, [0]);
  const other = modelOf(["n", "p"], "binary", [...weights.slice(0, 3), 0, 0], [0]);
  const { rows } = compare({ z: model, same: model, a: other }, data, quick);
  assert.deepEqual(
    rows.map((row) => row.name),
    ["z", "same", "a"],
  );
  assert.equal(rows[0].difference, null);
  assert.equal(rows[1].difference?.changed, 0);
  assert.deepEqual(rows[1].difference?.logLoss, { estimate: 0, low: 0, high: 0 });
  assert.equal(rows[1].difference?.mcNemar.pValue, 1);
  const { logLoss, mcNemar, changed } = rows[2].difference!;
  assert.ok(Math.abs(logLoss.estimate - (rows[2].evaluation.logLoss - rows[0].evaluation.logLoss)) < 1e-12);
  assert.ok(logLoss.low < logLoss.estimate && logLoss.estimate < logLoss.high);
  assert.equal(mcNemar.lost + mcNemar.gained, changed);
});

test("the exact binomial test: known values, and no underflow in the thousands", () => {
  assert.equal(binomialTest(0, 0), 1);
  assert.ok(Math.abs(binomialTest(1, 10) - 22 / 1024) < 1e-12);
  assert.equal(binomialTest(2500, 5000), 1);
  const normal = 0.0047;
  assert.ok(Math.abs(binomialTest(2400, 5000) - normal) < 3e-4);
});

test("latency is measured on real rows", () => {
  const e = evaluate(one, four);
  assert.ok(e.latency > 0 && e.latency < 10_000);
  assert.ok(Number.isNaN(evaluate(one, four, quick).latency));
});

test("refuses what it can't judge", () => {
  const wide = Dataset.from({ features: [[1, 2]], labels: ["n"], classes: ["n", "p"] });
  assert.throws(() => evaluate(one, wide), { code: "width-mismatch" });
  const strange = Dataset.from({ features: [[1], [2]], labels: ["n", "q"] });
  assert.throws(() => evaluate(one, strange), { code: "invalid-label" });
  assert.throws(() => evaluate(one, four, { rows: 3 } as object), { code: "unknown-option" });
  assert.throws(() => evaluate(one, four, { bins: 0 }), { code: "invalid-option" });
  assert.throws(() => compare({}, four), { code: "missing-option" });
  const turned = modelOf(["p", "n"], "binary", [1], [0]);
  assert.throws(() => compare({ one, turned }, four), { code: "invalid-model" });
  assert.throws(() => compare({ one }, four).row("two"), { code: "invalid-option" });
});

const spreadOut = modelOf(["n", "p"], "binary", [1, -2, 0.5, 1, -1], [0.3]);

function weighted(rows: number, weight?: (i: number) => number): Dataset {
  const { features, labels, classes } = randomData(["n", "p"], rows, 21);
  return Dataset.from({
    features,
    labels: Array.from(labels, (k) => classes[k]),
    ...(weight === undefined ? {} : { weights: Array.from(labels, (_, i) => weight(i)) }),
  });
}

test("each bin of the calibration has 20 rows or more, and Wilson's interval", () => {
  const { calibration, confusion } = evaluate(spreadOut, weighted(400), quick);
  assert.ok(calibration.length > 4, `${calibration.length}`);
  const sum = (of: (bin: CalibrationBin) => number) => calibration.reduce((all, bin) => all + of(bin), 0);
  assert.equal(
    sum(({ rows }) => rows),
    400,
  );
  const positives = confusion.counts[2] + confusion.counts[3];
  assert.ok(Math.abs(sum(({ rows, observed }) => rows * observed) - positives) < 1e-9);
  calibration.forEach(({ rows, predicted, observed, low, high }, i) => {
    assert.ok(rows >= 20);
    if (i > 0) assert.ok(predicted > calibration[i - 1].predicted);
    // The ends are the shares p from which the observed one is 1.96 standard errors away.
    for (const p of [low, high]) {
      assert.ok(Math.abs((observed - p) ** 2 - (1.959963984540054 ** 2 * p * (1 - p)) / rows) < 1e-12);
    }
    assert.ok(low <= observed && observed <= high);
  });
});

test("few rows are one bin; equal weights change no interval, unequal ones widen it", () => {
  assert.equal(evaluate(spreadOut, weighted(12), quick).calibration.length, 1);
  const of = (weight: (i: number) => number) =>
    evaluate(spreadOut, weighted(300, weight), { ...quick, bins: 1 }).calibration[0];
  const [one, seven, uneven] = [of(() => 1), of(() => 7), of((i) => (i % 10 === 0 ? 30 : 1))];
  assert.ok(Math.abs(seven.high - one.high) < 1e-12);
  assert.deepEqual([seven.weight, seven.rows], [2100, 300]);
  assert.ok(uneven.high - uneven.low > 1.5 * (one.high - one.low));
});
