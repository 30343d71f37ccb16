import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { choiceOf } from "../../src/compress/choice";
import { compress } from "../../src/compress/compress";
import { Compression, frontOf } from "../../src/compress/compression";
import type { CompressOptions } from "../../src/compress/options";
import { Dataset } from "../../src/matrix/dataset";
import { foldRows } from "../../src/matrix/split";
import { meanLogLoss } from "../../src/model/log-loss";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";

/** Rows of which few features tell the class, so that a small model is as good as a large one. */
function sparseTruth(rows: number, columns: number, classes: number, seed: number): Dataset {
  const random = new Random(seed);
  const features = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => (random.uniform() < 0.4 ? 1 : 0)),
  );
  const labels = features.map((x) => {
    const scores = Array.from({ length: classes }, (_, k) => {
      let score = -Math.log(-Math.log(random.uniform()));
      for (let j = 0; j < 3; j++) score += 3 * x[3 * k + j];
      return score;
    });
    return scores.indexOf(Math.max(...scores));
  });
  return Dataset.from({ features, labels });
}

const two = sparseTruth(400, 40, 2, 1);
const three = sparseTruth(300, 25, 3, 2);
const quick: CompressOptions = { maxAccuracyDrop: 0.02, levels: [3], folds: 3, lambdas: [1e-3], margin: 0 };
const refused = (code: string) => (error: unknown) => error instanceof LogitpressError && error.code === code;

test("the chosen file keeps the budget by cross-validation, and is read as the model that it was", async () => {
  const found = await compress(two, two, quick);
  assert.ok(found.met);
  assert.equal(found.bytes, found.chosen.packed.length);
  assert.ok(
    found.bytes < 40 && found.baseline.bytes === 4 * 41,
    `${found.bytes} of ${found.baseline.bytes} bytes`,
  );
  assert.ok(found.chosen.crossValidated.accuracyDrop.estimate <= 0.02);
  for (const point of found.points) {
    assert.deepEqual(unpack(point.packed).weights, point.model.weights);
    assert.deepEqual(unpack(point.packed).intercepts, point.model.intercepts);
    assert.equal(point.bytes, pack(point.model).length);
    assert.ok(point.nonzeros > 0);
  }
  const smaller = found.points.filter(
    (p) => p.bytes < found.bytes && p.crossValidated.accuracyDrop.estimate <= 0.02,
  );
  assert.deepEqual(smaller, []);
});

test("a model of few bytes has found the features that matter", async () => {
  const found = await compress(two, two, { ...quick, maxLogLossIncrease: 0 });
  const strong = new Set(Array.from({ length: 6 }, (_, j) => j));
  const used = [...found.model.positions].filter((at) => strong.has(at));
  assert.ok(used.length === 6 || used.length === 5, `positions ${[...found.model.positions]}`);
});

for (const multiclass of ["softmax", "ovr"] as const) {
  test(`three classes by ${multiclass}: fewer bytes, about the log-loss of the float model`, async () => {
    const found = await compress(three, three, { ...quick, multiclass, maxLogLossIncrease: 0.03 });
    assert.equal(found.model.link, multiclass);
    assert.ok(
      found.met && found.bytes < found.baseline.bytes / 3,
      `${found.bytes} of ${found.baseline.bytes}`,
    );
    const float = await new LogisticRegression({ multiclass, lambda: found.baseline.lambda }).fit(three);
    assert.ok(meanLogLoss(found.model, three) < 1.3 * meanLogLoss(float, three));
  });
}

test("the same bytes on one thread and on three, and from run to run", async () => {
  const files = [];
  for (const threads of [1, 3, 3]) {
    const { points } = await compress(three, three, { ...quick, levels: [2, 4], threads });
    files.push(points.map(({ packed }) => Buffer.from(packed).toString("hex")));
  }
  assert.deepEqual(files[1], files[0]);
  assert.deepEqual(files[2], files[0]);
});

test("what is said of a point is of rows that its folds did not see", async () => {
  // Labels that nothing tells: a model that had seen them would seem better than one of the intercept alone.
  const random = new Random(5);
  const noise = Dataset.from({
    features: Array.from({ length: 120 }, () => Array.from({ length: 200 }, () => random.normal())),
    labels: Array.from({ length: 120 }, () => random.integer(2)),
  });
  const found = await compress(noise, noise, { maxBytes: 1000, levels: [3], lambdas: [1e-4], folds: 3 });
  const large = found.points[found.points.length - 1];
  assert.ok(meanLogLoss(large.model, noise) < 0.3, "fits its own rows");
  assert.ok(large.crossValidated.logLoss > 0.69, `${large.crossValidated.logLoss} on rows left out`);
  assert.ok(large.crossValidated.accuracy < 0.65);
});

test("the uncompressed model is judged as one of all rows would be, however few the folds", async () => {
  const rows = sparseTruth(2200, 60, 2, 8);
  const [data, fresh] = [
    rows.take(Uint32Array.from(Array(200).keys())),
    rows.take(Uint32Array.from({ length: 2000 }, (_, i) => 200 + i)),
  ];
  const found = await compress(data, data, { maxBytes: 1000, levels: [3], lambdas: [1e-3], folds: 2 });
  const { lambda } = found.baseline;
  const lossOf = async (fitted: Dataset, on: Dataset) =>
    meanLogLoss(await new LogisticRegression({ lambda }).fit(fitted), on);
  const halves = foldRows(data.labels, 2, 2, { seed: 0 });
  let half = 0;
  for (const { train, test: left } of halves) half += (await lossOf(data.take(train), data.take(left))) / 2;
  const all = await lossOf(data, fresh);
  const off = Math.abs(found.baseline.logLoss - all);
  assert.ok(
    off < 0.4 * Math.abs(half - all),
    `${found.baseline.logLoss}, by halves ${half}, of fresh rows ${all}`,
  );
});

test("a budget of bytes gives the best model that fits, and one that nothing meets says so", async () => {
  const found = await compress(two, two, { ...quick, maxAccuracyDrop: 0.5, maxBytes: 34 });
  assert.ok(found.bytes <= 34);
  const tight = found.choose({ maxBytes: 32 });
  const fit = found.points.filter(({ bytes }) => bytes <= 32);
  if (fit.length > 0) {
    assert.equal(tight.crossValidated.logLoss, Math.min(...fit.map((p) => p.crossValidated.logLoss)));
  }
  assert.ok(found.choose({ maxFlips: 0.2 }).crossValidated.flips.estimate <= 0.2);
  const none = await compress(two, two, { ...quick, maxBytes: 5 });
  assert.equal(none.met, false);
  assert.equal(none.chosen, none.points[0]);
  assert.match(none.warnings[0], /No model fits in 5 bytes/);
  const hard = await compress(two, two, { ...quick, maxFlips: 0, margin: 3 });
  assert.equal(hard.met, false);
  assert.match(hard.warnings[0], /No model keeps the budget/);
});

test("best holds every model of fast, judged by the same rows, and never finds a larger file", async () => {
  const data = sparseTruth(400, 60, 2, 8);
  const options: CompressOptions = { maxAccuracyDrop: 0.01, lambdas: [1e-3], levels: [3, 6] };
  const model = await new LogisticRegression({ lambda: 1e-3 }).fit(data);
  const fast = await compress(model, data, options);
  const best = await compress(model, data, { ...options, effort: "best" });
  const files = (points: typeof fast.points) =>
    points.map(({ packed, crossValidated }) => [Buffer.from(packed).toString("hex"), crossValidated]);
  assert.deepEqual(files(best.points.filter(({ effort }) => effort === "fast")), files(fast.points));
  assert.deepEqual([best.baseline, best.rows, best.folds], [fast.baseline, fast.rows, 2 * fast.folds]);
  for (const most of [0, 0.002, 0.01, 0.03, 0.1]) {
    for (const budget of [{ maxAccuracyDrop: most }, { maxLogLossIncrease: most }]) {
      const { point, met } = choiceOf(fast.points, budget, fast.margin);
      if (met) assert.ok(best.choose(budget).bytes <= point.bytes, JSON.stringify(budget));
    }
  }
});

test("the front holds what no other beats in bytes, log-loss and accuracy at once", async () => {
  const { points, front } = await compress(two, two, { ...quick, levels: [2, 5] });
  const beats = (a: (typeof points)[number], b: (typeof points)[number]) =>
    a.bytes <= b.bytes &&
    a.crossValidated.logLoss <= b.crossValidated.logLoss &&
    a.crossValidated.accuracy >= b.crossValidated.accuracy &&
    (a.bytes < b.bytes ||
      a.crossValidated.logLoss < b.crossValidated.logLoss ||
      a.crossValidated.accuracy > b.crossValidated.accuracy);
  for (const p of front) assert.ok(!points.some((other) => beats(other, p)));
  for (const p of points) {
    const same = (q: (typeof points)[number]) =>
      q.bytes === p.bytes &&
      q.crossValidated.logLoss === p.crossValidated.logLoss &&
      q.crossValidated.accuracy === p.crossValidated.accuracy;
    assert.ok(front.includes(p) || points.some((other) => beats(other, p) || (other !== p && same(other))));
  }
  assert.deepEqual(frontOf([]), []);
});

test("points of equal bytes and quality lie in the same order, whichever thread was first", async () => {
  const { points, baseline } = await compress(two, two, quick);
  const equals = [3, 5, 4].map((levels) => ({ ...points[0], levels }));
  const of = (own: typeof points) =>
    new Compression({
      ...{ points: own, baseline, budget: { maxBytes: 1000 }, margin: { accuracy: 0, logLoss: 0, flips: 0 } },
      ...{ folds: 3, rows: 400, coarse: false, cancelled: false, seconds: 1 },
    }).points.map(({ levels }) => levels);
  assert.deepEqual(of(equals), [3, 4, 5]);
  assert.deepEqual(of([...equals].reverse()), [3, 4, 5]);
});

test("a search that was run with fewer folds says so", async () => {
  const { points, baseline } = await compress(two, two, quick);
  const of = (coarse: boolean) =>
    new Compression({
      ...{ points, baseline, budget: { maxBytes: 1000 }, margin: { accuracy: 0, logLoss: 0, flips: 0 } },
      ...{ folds: 3, rows: 400, coarse, cancelled: false, seconds: 1 },
    });
  assert.match(of(true).warnings[0], /by 3 folds alone/);
  assert.deepEqual(of(false).warnings, []);
});

test("a model lends its link and strength, a pruned one its zeros, too", async () => {
  const model = await new LogisticRegression({ lambda: 3e-3, multiclass: "ovr" }).fit(three);
  const found = await compress(model, three, quick);
  assert.equal(found.model.link, "ovr");
  assert.equal(found.baseline.lambda, 3e-3);
  const pruned = await prune(model, { keep: 9 });
  const small = await compress(pruned, three, quick);
  for (const { model: m } of small.points) {
    for (const at of m.positions) assert.equal(pruned.mask[at], 1);
  }
  const stored = await compress(unpack(pack(pruned)), three, quick);
  assert.equal(stored.model.link, "ovr");
});

test("the folds keep the classes' shares and hold each row once", () => {
  const folds = foldRows(three.labels, 3, 3, { seed: 0 });
  const all = folds.flatMap(({ test: rows }) => [...rows]).sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test("cancelled before anything is found it throws, afterwards it returns the best that it has", async () => {
  const early = new AbortController();
  early.abort();
  await assert.rejects(compress(two, two, quick, { signal: early.signal }), refused("cancelled"));
  const late = new AbortController();
  let said = "";
  const found = await compress(
    two,
    two,
    { ...quick, levels: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], threads: 1 },
    {
      signal: late.signal,
      onProgress: ({ message = "" }) => {
        if (!message.startsWith("best so far")) return;
        said = message;
        late.abort();
      },
    },
  );
  assert.match(said, /^best so far \d+ bytes, log-loss 0\.\d+/);
  assert.equal(found.cancelled, true);
  assert.ok(found.points.length > 0);
  assert.match(found.warnings[0], /stopped/);
});

test("progress rises from 0 to the whole", async () => {
  const seen: number[] = [];
  await compress(two, two, quick, {
    onProgress: ({ step, done, total }) => {
      assert.equal(step, "compress");
      assert.equal(total, 1);
      seen.push(done);
    },
  });
  assert.ok(seen.length > 1 && seen.every((done) => done >= 0 && done <= 1 + 1e-9));
});

test("options, data and models that are wrong are refused with a code", async () => {
  const bad = (options: object, code: string) =>
    assert.rejects(compress(two, two, options as CompressOptions), refused(code));
  await bad({}, "missing-option");
  await bad({ maxByte: 10 }, "unknown-option");
  await bad({ maxBytes: 0 }, "invalid-option");
  await bad({ maxAccuracyDrop: -0.1 }, "invalid-option");
  await bad({ maxLogLossIncrease: Number.NaN }, "invalid-option");
  await bad({ maxFlips: 2 }, "invalid-option");
  await bad({ ...quick, effort: "slow" }, "invalid-option");
  await bad({ ...quick, levels: [] }, "invalid-option");
  await bad({ ...quick, levels: [300] }, "invalid-option");
  await bad({ ...quick, lambdas: [0] }, "invalid-option");
  await bad({ ...quick, folds: 1 }, "invalid-option");
  await bad({ ...quick, margin: -1 }, "invalid-option");
  await bad({ ...quick, packing: { name: true } }, "unknown-option");
  await bad({ ...quick, inputs: { other: three } }, "invalid-option");
  await bad({ ...quick, inputs: { other: 3 } }, "invalid-option");
  await assert.rejects(compress(two, three, quick), refused("invalid-option"));
  await assert.rejects(compress(two, [] as never, quick), refused("invalid-data"));
  const model = await new LogisticRegression().fit(two);
  await assert.rejects(compress(model, three, quick), refused("width-mismatch"));
  const quantized = await quantize(model, { bits: 2 });
  await assert.rejects(compress(quantized as never, two, quick), refused("invalid-model"));
  const bare = Dataset.from({
    features: two.labels.length > 0 ? Array.from(two.labels, () => [0, 0]) : [],
    labels: [...two.labels],
  });
  await assert.rejects(compress(bare, bare, quick), refused("invalid-data"));
});
