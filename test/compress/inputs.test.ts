import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { compress } from "../../src/compress/compress";
import { firstOf, heldOutOf, joinHeldOut } from "../../src/compress/held-out";
import { dropFeatures, foldColumns, pool } from "../../src/compress/inputs";
import { Judge, keeps } from "../../src/compress/judge";
import { type CompressOptions, planCompression } from "../../src/compress/options";
import { partsOf } from "../../src/compress/parts";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { Matrix } from "../../src/matrix/sparse";
import { unpack } from "../../src/pack/read";
import { randomData } from "../train/data";

const valuesOf = (features: Matrix) =>
  Array.from((features.kind === "dense" ? features : features.toDense()).values);
const all = (errors: number) => ({ accuracy: errors, logLoss: errors, flips: errors });
const ofTwo = randomData("dense", 103, 3, 2, 4);
const refused = (code: string) => (error: unknown) => error instanceof LogitpressError && error.code === code;

test("pooling takes the mean of each square, smaller ones at the edges", () => {
  const data = Dataset.from({ features: [[1, 2, 3, 4, 5, 6, 7, 8, 9]], labels: ["a"], classes: ["a", "b"] });
  assert.deepEqual(valuesOf(pool(data, { width: 3 }).features), [3, 4.5, 7.5, 9]);
  assert.deepEqual(valuesOf(pool(data, { width: 3, by: 1 }).features), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(valuesOf(pool(data, { width: 3, by: 3 }).features), [5]);
  assert.throws(() => pool(data, { width: 4 }), refused("invalid-option"));
});

test("folding adds the columns that meet, dropping empties columns, and labels and weights stay", () => {
  const data = Dataset.from({
    features: [
      [1, 2, 3, 4],
      [0, 5, 0, 6],
    ],
    labels: ["b", "a"],
    weights: [1, 2],
  });
  const folded = foldColumns(data, 2);
  assert.deepEqual(valuesOf(folded.features), [4, 6, 0, 11]);
  assert.deepEqual([...folded.labels], [...data.labels]);
  assert.deepEqual(folded.weights, data.weights);
  assert.deepEqual(valuesOf(dropFeatures(data, [1, 3]).features), [1, 0, 3, 0, 0, 0, 0, 0]);
  assert.throws(() => foldColumns(data, 3), refused("invalid-option"));
  assert.throws(() => dropFeatures(data, [4]), refused("invalid-option"));
});

test("other inputs compete, and each point tells which it is for", async () => {
  const data = randomData("dense", 150, 16, 2, 4);
  const found = await compress(data, data, {
    ...{ maxBytes: 60, levels: [3], lambdas: [1e-3], folds: 3 },
    inputs: { pooled: pool(data, { width: 4 }) },
  });
  const widths = new Map(found.points.map(({ input, model }) => [input, model.features]));
  assert.deepEqual([...widths].sort(), [
    ["", 16],
    ["pooled", 4],
  ]);
});

test("pooled pixels compete by an option, as models of the pixels whose files tell their squares", async () => {
  const data = randomData("dense", 150, 16, 3, 4);
  const options: CompressOptions = { maxBytes: 90, levels: [3], lambdas: [1e-3], folds: 3 };
  const found = await compress(data, data, { ...options, pool: { width: 4 } });
  const by = await compress(data, data, { ...options, inputs: { squares: pool(data, { width: 4 }) } });
  const own = found.points.filter(({ input }) => input === "pooled");
  const theirs = by.points.filter(({ input }) => input === "squares");
  assert.ok(own.length > 3);
  assert.deepEqual(
    own.map(({ crossValidated }) => crossValidated),
    theirs.map(({ crossValidated }) => crossValidated),
  );
  own.forEach((point, i) => {
    const read = unpack(point.packed);
    assert.deepEqual(read.weights, point.model.weights);
    assert.deepEqual(read.pooling, { width: 4, by: 2 });
    assert.equal(point.model.features, 16);
    assert.ok(point.bytes <= theirs[i].bytes + 3, `${point.bytes} bytes, ${theirs[i].bytes} of the squares`);
    const squares = theirs[i].model.predictProba(pool(data, { width: 4 }).features).values;
    point.model.predictProba(data.features).values.forEach((p, at) => {
      assert.ok(Math.abs(p - squares[at]) < 1e-6, `${p} ${squares[at]}`);
    });
  });
  const bad = (more: object, code: string) =>
    assert.rejects(compress(data, data, { ...options, ...more } as CompressOptions), refused(code));
  await bad({ pool: { width: 3 } }, "invalid-option");
  await bad({ pool: { width: 4, by: 1 } }, "invalid-option");
  await bad({ pool: { columns: 4 } }, "unknown-option");
  await bad({ pool: { width: 4 }, inputs: { pooled: data } }, "invalid-option");
});

test("a judge's differences and their standard errors are those of paired rows", () => {
  const labels = Uint32Array.of(0, 1, 1, 0);
  const judge = new Judge(labels, null, {
    losses: Float64Array.of(1, 1, 1, 1),
    predicted: Uint32Array.of(0, 1, 1, 1),
    smoothed: Float64Array.of(0.75, 0.75, 0.75, 0.25),
  });
  const found = judge.of([
    {
      losses: Float64Array.of(2, 1, 1, 1),
      predicted: Uint32Array.of(0, 0, 1, 0),
      smoothed: Float64Array.of(0.5, 0.25, 0.75, 0.5),
    },
  ]);
  assert.equal(found.logLoss, 1.25);
  assert.equal(found.accuracy, 0.75);
  assert.equal(found.accuracyDrop.estimate, 0);
  assert.equal(found.flips.estimate, 0.5);
  assert.equal(found.logLossIncrease.estimate, 0.25);
  // The differences are 1, 0, 0, 0: their standard deviation is 0.5, that of the mean of four 0.25.
  assert.ok(Math.abs(found.logLossIncrease.high - (0.25 + 1.959963984540054 * 0.25)) < 1e-12);
  assert.ok(keeps(10, found, { maxLogLossIncrease: 0.5 }, all(1)));
  assert.ok(!keeps(10, found, { maxLogLossIncrease: 0.49 }, all(1)));
  assert.ok(keeps(10, found, { maxLogLossIncrease: 0.25 }, all(0)));
  assert.ok(!keeps(10, found, { maxBytes: 9 }, all(0)));
  // Of 0.25, 0.5, 0 and -0.25 the mean is 0.125, and its standard error the root of 0.3125 / 12.
  const error = Math.sqrt(0.3125 / 12);
  assert.ok(Math.abs(found.smoothedDrop!.estimate - 0.125) < 1e-12);
  assert.ok(Math.abs(found.smoothedDrop!.high - (0.125 + 1.959963984540054 * error)) < 1e-12);
  assert.ok(
    keeps(10, found, { maxAccuracyDrop: 0.126 + error }, all(1)),
    "the margin is that of the smoothed",
  );
  assert.ok(!keeps(10, found, { maxAccuracyDrop: 0.124 + error }, all(1)));
  const counted = { ...found, accuracyDrop: { estimate: 0.3, low: 0.2, high: 0.4 } };
  assert.ok(!keeps(10, counted, { maxAccuracyDrop: 0.126 + error }, all(1)), "what is counted keeps it, too");
  const { smoothedDrop: _, ...many } = counted;
  assert.ok(keeps(10, many, { maxAccuracyDrop: 0.3 }, all(0)), "many rows are counted alone");
  assert.ok(!keeps(10, many, { maxAccuracyDrop: 0.34 }, all(1)));
  const weighted = new Judge(labels, Float64Array.of(3, 1, 1, 1), judge.baseline);
  const { logLoss } = weighted.of([{ ...judge.baseline, losses: Float64Array.of(2, 1, 1, 1) }]);
  assert.ok(Math.abs(logLoss - 1.5) < 1e-12);
});

test("a model is judged by the mean of what it and its neighbours say of each row", () => {
  const judge = new Judge(Uint32Array.of(0, 1), null, {
    losses: Float64Array.of(1, 1),
    predicted: Uint32Array.of(0, 1),
    smoothed: Float64Array.of(0.5, 0.5),
  });
  const said = (losses: number[], predicted: number[], smoothed: number[]) => ({
    losses: Float64Array.from(losses),
    predicted: Uint32Array.from(predicted),
    smoothed: Float64Array.from(smoothed),
  });
  const lucky = said([0.5, 1], [0, 1], [0.75, 0.5]);
  const unlucky = said([1, 3], [0, 0], [0.5, 0.25]);
  const found = judge.of([lucky, unlucky]);
  assert.equal(found.logLoss, (judge.logLoss(lucky) + judge.logLoss(unlucky)) / 2);
  assert.equal(found.accuracyDrop.estimate, 0.25);
  assert.equal(found.smoothedDrop!.estimate, 0);
  assert.equal(found.logLossIncrease.estimate, 0.375);
  assert.equal(found.flips.estimate, 0.25);
  // Of the rows' mean differences, -0.25 and 1: half their distance is their standard error.
  assert.ok(Math.abs(found.logLossIncrease.high - (0.375 + 1.959963984540054 * 0.625)) < 1e-12);
});

test("what folds say is put together fold after fold", () => {
  const part = (...rows: number[]) => ({
    losses: Float64Array.from(rows, (r) => r / 10),
    predicted: Uint32Array.from(rows),
    smoothed: Float64Array.from(rows, (r) => r / 5),
  });
  const joined = joinHeldOut([part(1, 3), part(0, 2)]);
  assert.deepEqual([...joined.smoothed], [0.2, 0.6, 0, 0.4]);
  assert.deepEqual([...firstOf(joined, 3).smoothed], [0.2, 0.6, 0]);
  assert.deepEqual([...joined.predicted], [1, 3, 0, 2]);
  assert.deepEqual([...joined.losses], [0.1, 0.3, 0, 0.2]);
});

test("a row counts by the lead of its own class over the largest of the others", () => {
  const log = Math.log;
  const near = (found: Float64Array, leads: number[]) =>
    leads.forEach((lead, i) => {
      assert.ok(Math.abs(found[i] - 1 / (1 + Math.exp(-10 * lead))) < 1e-12, `${found[i]} for ${lead}`);
    });
  // Shares of 1, 2, 5 and of 4, 3, 1 eighths, behind a row that is not asked for.
  const margins = Float64Array.of(9, 9, 9, log(1), log(2), log(5), log(4), log(3), log(1));
  const labels = Uint32Array.of(0, 2, 1);
  near(heldOutOf(margins, 3, "softmax", labels, Uint32Array.of(1, 2)).smoothed, [3 / 8, -1 / 8]);
  const two = heldOutOf(
    Float64Array.of(log(3), log(3), 0),
    1,
    "binary",
    Uint32Array.of(1, 0, 1),
    Uint32Array.of(0, 1, 2),
  );
  near(two.smoothed, [0.5, -0.5, 0]);
  const ovr = heldOutOf(Float64Array.of(0, log(3)), 2, "ovr", Uint32Array.of(0), Uint32Array.of(0));
  near(ovr.smoothed, [0.4 - 0.6]);
});

test("each fold is of the smaller ones, each part is fitted to all rows but its own", () => {
  const data = randomData("dense", 103, 3, 2, 4);
  const parts = partsOf(data, planCompression({ maxBytes: 9, folds: 4 }, data));
  assert.equal(parts.folds.length, 4);
  assert.equal(parts.fine.flat().length, 20);
  const sorted = [...parts.judged].sort((a, b) => a - b);
  assert.deepEqual(sorted, [...Array(103).keys()]);
  for (const list of [parts.folds, parts.fine.flat()]) {
    assert.deepEqual(
      list.flatMap(({ test: rows }) => [...rows]),
      [...parts.judged],
    );
    for (const { shares, test: rows } of list) {
      const left = [...shares.keys()].filter((i) => shares[i] === 0);
      assert.deepEqual(
        left,
        [...rows].sort((a, b) => a - b),
      );
      assert.ok(Math.abs(shares.reduce((sum, s) => sum + s, 0) - 1) < 1e-12);
    }
  }
  assert.deepEqual([...parts.whole.test], []);
});

test("of many rows as many folds are run as it takes to judge, of few rows no fold is empty", () => {
  const labels = Array.from({ length: 60_000 }, (_, i) => i % 2);
  const many = Dataset.from({ features: labels.map((y) => [y]), labels });
  const parts = partsOf(many, planCompression({ maxBytes: 9 }, many));
  assert.equal(parts.folds.length, 4);
  assert.equal(parts.judged.length, 24_000);
  assert.equal(parts.fine.flat().length, 8);
  const few = randomData("dense", 9, 2, 2, 4);
  for (const { test: rows } of partsOf(few, planCompression({ maxBytes: 9 }, few)).fine.flat()) {
    assert.ok(rows.length > 0);
  }
});

test("of many values, classes or settings fewer folds are run, unless their number is given", () => {
  const rows = 3000;
  const wide = Dataset.from({
    features: new DenseMatrix(rows, 200, new Float32Array(rows * 200).fill(1)),
    labels: Array.from({ length: rows }, (_, i) => i % 10),
  });
  const usual = planCompression({ maxBytes: 9, levels: [4] }, wide);
  assert.equal(usual.coarse, true);
  assert.equal(partsOf(wide, usual).folds.length, 4);
  const more = planCompression({ maxBytes: 9, levels: [4, 8, 16] }, wide);
  assert.equal(partsOf(wide, more).folds.length, 3);
  assert.ok(
    Math.abs(partsOf(wide, usual).judged.length - (4 * rows) / 16) <= 50,
    "and they are smaller ones",
  );
  const given = planCompression({ maxBytes: 9, levels: [4], folds: 8 }, wide);
  assert.equal(given.coarse, false);
  assert.equal(partsOf(wide, given).folds.length, 8);
  const small = randomData("dense", 103, 3, 2, 4);
  assert.equal(planCompression({ maxBytes: 9 }, small).coarse, false);
});

test("of large inputs the first settings are tried, of given ones all", () => {
  const rows = 1500;
  const wide = Dataset.from({
    features: new DenseMatrix(rows, 200, new Float32Array(rows * 200).fill(1)),
    labels: Array.from({ length: rows }, (_, i) => i % 10),
  });
  const effort = "best";
  const alone = planCompression({ maxBytes: 9, effort }, wide);
  assert.deepEqual([alone.shares[""].settings, alone.coarse], [4, true]);
  const twice = new DenseMatrix(rows, 400, new Float32Array(rows * 400).fill(1));
  const other = Dataset.from({ features: twice, labels: Array.from(wide.labels) });
  const both = planCompression({ maxBytes: 9, effort, inputs: { other } }, wide);
  assert.deepEqual(both.shares[""], alone.shares[""], "whatever is beside it");
  assert.equal(both.shares.other.settings, 2);
  const given = planCompression({ maxBytes: 9, effort, inputs: { other }, levels: [4, 8, 16] }, wide);
  assert.equal(given.shares[""].settings, 6);
  assert.equal(given.shares.other.settings, 6);
  assert.deepEqual([both.shares[""].raced, both.shares.other.raced], [true, true]);
  const small = planCompression({ maxBytes: 9, inputs: { other: ofTwo } }, ofTwo);
  assert.equal(small.shares.other.raced, false, "where there is time enough nothing is given up");
});

test("a margin is of all losses or of those named", () => {
  const marginOf = (options: CompressOptions) => planCompression({ maxBytes: 9, ...options }, ofTwo).margin;
  assert.deepEqual(marginOf({ margin: 2 }), all(2));
  assert.deepEqual(marginOf({ margin: { logLoss: 2 } }), { ...marginOf({}), logLoss: 2 });
  assert.throws(() => marginOf({ margin: { loss: 2 } as object }), refused("unknown-option"));
  assert.throws(() => marginOf({ margin: { flips: -1 } }), refused("invalid-option"));
});
