import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { bootstrapInterval } from "../../src/evaluate/bootstrap";
import { compare } from "../../src/evaluate/compare";
import { verdictOf } from "../../src/evaluate/verdict";
import { LinearModel } from "../../src/model/linear";
import { evidence } from "../model/evidence";
import { modelOf, normals, randomData } from "./models";

const quick = { latencyRows: 0 };

test("the bootstrap's interval is that of the normal distribution for many rows, also where rows are grouped", () => {
  for (const rows of [900, 12_000]) {
    const differences = Float64Array.from(normals(rows, 3), (x) => 0.3 + 2 * x);
    const weights = new Float64Array(rows).fill(2);
    const found = bootstrapInterval(differences, weights, { resamples: 4000, seed: 1 });
    const mean = differences.reduce((a, b) => a + b) / rows;
    const deviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / rows);
    const half = (1.96 * deviation) / Math.sqrt(rows);
    assert.ok(Math.abs(found.estimate - mean) < 1e-9);
    assert.ok(Math.abs(found.low - (mean - half)) < 0.1 * half, `${found.low}`);
    assert.ok(Math.abs(found.high - (mean + half)) < 0.1 * half, `${found.high}`);
    assert.deepEqual(bootstrapInterval(differences, weights, { resamples: 4000, seed: 1 }), found);
  }
});

test("an interval holds the truth in about 95 of 100 samples", () => {
  let held = 0;
  for (let sample = 0; sample < 200; sample++) {
    const differences = Float64Array.from(normals(60, 100 + sample), (x) => x * x - 1);
    const { low, high } = bootstrapInterval(differences, new Float64Array(60).fill(1), {
      resamples: 400,
      seed: sample,
    });
    if (low <= 0 && high >= 0) held++;
  }
  assert.ok(held >= 172 && held <= 199, String(held));
});

test("no row beyond the certified bound changes its class, whatever the signs of the changes", () => {
  for (const [link, classes] of [
    ["binary", ["n", "p"]],
    ["softmax", ["a", "b", "c"]],
    ["ovr", ["a", "b", "c", "d"]],
  ] as const) {
    const outputs = link === "binary" ? 1 : classes.length;
    const data = randomData(classes, 300, 5);
    const weights = normals(5 * outputs, 6);
    const intercepts = normals(outputs, 7);
    const first = modelOf(classes, link, weights, intercepts);
    const random = new Random(8);
    const moves = weights.map(() => 0.02 * random.normal());
    const second = modelOf(
      classes,
      link,
      weights.map((w, at) => w + moves[at]),
      intercepts,
    );
    const { changeable, changed } = compare({ first, second }, data, quick).row("second").difference!;
    assert.ok(changed <= changeable && changeable < 300, `${link}: ${changed}, ${changeable}`);
    const ever = new Set<number>();
    const before = first.predictClass(data.features);
    for (let trial = 0; trial < 200; trial++) {
      const other = modelOf(
        classes,
        link,
        weights.map((w, at) => w + (random.integer(2) === 0 ? moves[at] : -moves[at])),
        intercepts,
      );
      other.predictClass(data.features).forEach((k, i) => {
        if (k !== before[i]) ever.add(i);
      });
    }
    assert.ok(ever.size > 0 && ever.size <= changeable, `${link}: ${ever.size}, ${changeable}`);
  }
});

test("no row is changeable where nothing changes, and all are where all weights go", () => {
  const data = randomData(["n", "p"], 100, 9);
  const first = modelOf(["n", "p"], "binary", normals(5, 10), [0.1]);
  const nothing = modelOf(["n", "p"], "binary", [0, 0, 0, 0, 0], [0]);
  const { rows } = compare({ first, same: first, nothing }, data, quick);
  assert.equal(rows[1].difference!.changeable, 0);
  assert.equal(rows[1].difference!.verdict, "same");
  assert.equal(rows[2].difference!.changeable, 100);
});

const none = { lost: 0, gained: 0, pValue: 1 };

test("the words `no loss` need the whole interval and McNemar's test", () => {
  const verdict = (low: number, high: number, mcNemar = none, changed = 3) =>
    verdictOf({ logLoss: { estimate: (low + high) / 2, low, high }, mcNemar, changed, margin: 0.01 });
  assert.equal(verdict(0, 0, none, 0), "same");
  assert.equal(verdict(0, 0, none, 1), "no loss");
  assert.equal(verdict(-0.02, 0.009), "no loss");
  assert.equal(verdict(0.001, 0.009), "no loss");
  assert.equal(verdict(-0.02, 0.011), "undecided");
  assert.equal(verdict(0.001, 0.011), "loss");
  assert.equal(verdict(-0.02, 0.009, { lost: 30, gained: 5, pValue: 1e-4 }), "loss");
  assert.equal(verdict(-0.02, 0.009, { lost: 5, gained: 30, pValue: 1e-4 }), "no loss");
  assert.equal(verdict(-0.02, 0.009, { lost: 8, gained: 5, pValue: 0.6 }), "no loss");
});

test("a comparison tells calibration before and after, and takes its own options", () => {
  const data = randomData(["n", "p"], 200, 11);
  const first = modelOf(["n", "p"], "binary", normals(5, 12), [0]);
  const second = new LinearModel({ ...first, weights: first.weights.map((w) => 4 * w) }, evidence, 1);
  const found = compare({ first, second }, data, { ...quick, margin: 0.5, resamples: 200, seed: 4 });
  const { calibration, accuracy, accuracyInterval } = found.row("second").difference!;
  assert.equal(calibration.before, found.rows[0].evaluation.ece);
  assert.equal(calibration.after, found.rows[1].evaluation.ece);
  assert.ok(Math.abs(accuracyInterval.estimate - accuracy) < 1e-12);
  assert.equal(found.margin, 0.5);
  assert.throws(() => compare({ first }, data, { resamples: 10 }), { code: "invalid-option" });
  assert.throws(() => compare({ first }, data, { margin: -1 }), { code: "invalid-option" });
  assert.throws(() => compare({ first }, data, { sample: 1 } as object), { code: "unknown-option" });
});
