import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { lossMoments } from "../../src/prune/gradient";
import { hessianDiagonal } from "../../src/quantize/curvature";
import type { QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import { plainSchemes, singleScheme } from "../../src/quantize/schemes";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { evidence } from "../model/evidence";
import { randomData } from "../train/data";

const data = randomData("dense", 80, 12, 3, 4);

function modelOf(weights: readonly number[]): LinearModel {
  return new LinearModel(
    {
      classes: data.classes,
      link: "softmax",
      featureNames: numberedNames(12),
      weights: Float64Array.from(weights),
      intercepts: Float64Array.of(0.1, -0.3, 0.2),
      scale: null,
    },
    evidence,
    0.01,
  );
}

const weights = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    { minLength: 36, maxLength: 36 },
  )
  .map((all) => all.map((w) => (Math.abs(w) > 1e-2 ? w : 0)))
  .filter((all) => all.some((w) => w !== 0));
const methods = [
  { method: "uniform", bits: 3 },
  { method: "uniform", bits: 2, symmetric: false, range: "percentile", percentile: 90 },
  { method: "uniform", bits: 2, range: "hessian" },
  { method: "kmeans", bits: 2 },
  { method: "kmeans", bits: 2, importances: "hessian" },
  { method: "quantile", bits: 3 },
  { method: "powerOfTwo", bits: 3 },
  { method: "ternary" },
  { method: "ternary", symmetric: false },
  { method: "binary" },
  { method: "binary", symmetric: false },
  { method: "float16" },
  { method: "bfloat16" },
  { method: "entropy", bits: 3 },
] as const satisfies readonly QuantizeOptions[];
const granularities: readonly QuantizeOptions[] = [
  {},
  { granularity: "class" },
  {
    granularity: "group",
    groups: [
      [0, 1, 5, 11],
      [2, 3, 4, 10],
    ],
  },
  { granularity: "block", blockSize: 8 },
];
const roundings = ["nearest", "stochastic", "compensated"] as const;

function fits(options: QuantizeOptions): boolean {
  if (options.method === "entropy" && options.rounding !== "nearest") return false;
  return !/float/.test(options.method!) || options.granularity === undefined;
}

const cases = methods.flatMap((method) =>
  granularities.flatMap((granularity) =>
    roundings.map((rounding): QuantizeOptions => ({ ...method, ...granularity, rounding })).filter(fits),
  ),
);

test("every method, granularity and rounding keeps zeros, decodes what it reports, and is the same twice", async () => {
  await fc.assert(
    fc.asyncProperty(weights, fc.constantFrom(...cases), fc.boolean(), async (all, options, refit) => {
      const model = modelOf(all);
      const once = await quantize(model, { ...options, data, refit, seed: 3 });
      const twice = await quantize(model, { ...options, data, refit, seed: 3 });
      assert.deepEqual(once, twice);
      const report = once.quantization!;
      assert.equal(report.nonzeros, once.positions.length);
      assert.equal(report.nonzeros, once.weights.filter((w) => w !== 0).length);
      assert.equal(report.removed, model.nonzeros - once.nonzeros);
      assert.ok(report.entropyBits <= report.bits + 1e-9 || report.granularity !== "model");
      all.forEach((w, at) => {
        if (w === 0) assert.equal(once.weights[at], 0);
      });
      if (!refit) {
        const error = all.reduce((sum, w, at) => sum + (w - once.weights[at]) ** 2, 0);
        assert.ok(Math.abs(error - report.squaredError) <= 1e-9 * (1 + error));
      }
      const { rows, before, after, changed } = report.loss!;
      assert.equal(rows, data.rows);
      assert.ok(Number.isFinite(before) && Number.isFinite(after) && changed <= rows);
      for (const plain of plainSchemes(once.scheme)) assert.equal(plain.bits, once.scheme.bits);
    }),
    { numRuns: 400, seed: 1 },
  );
});

for (const method of methods) {
  test(`codes of ${method.method} come back from a file to the last bit`, async () => {
    const all = Array.from({ length: 36 }, (_, at) => (at % 5 === 0 ? 0 : Math.sin(at * at) * 2));
    const model = await quantize(modelOf(all), { ...method, data });
    assert.deepEqual(unpack(pack(model)).weights, model.weights);
    if (/float/.test(method.method)) return;
    const parted = await quantize(modelOf(all), { ...method, data, granularity: "class" });
    assert.equal(plainSchemes(parted.scheme).length, 3);
    assert.deepEqual(unpack(pack(parted)).weights, parted.weights);
    assert.throws(() => singleScheme(parted.scheme, "test"), { code: "unsupported-model" });
  });
}

test("a part of its own is never worse in squared error, with the levels of least error", async () => {
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 3 }), async (all, bits) => {
      const error = async (options: QuantizeOptions) =>
        (await quantize(modelOf(all), { bits, levelPrecision: "float32", ...options })).quantization!
          .squaredError;
      const whole = await error({});
      for (const granularity of granularities.slice(1)) {
        assert.ok((await error(granularity)) <= whole * (1 + 1e-5) + 1e-9);
      }
    }),
    { numRuns: 100, seed: 2 },
  );
});

test("a percentile clips what is beyond it, and a range by the Hessian is best where errors count by it", async () => {
  const float = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const places = Uint32Array.from(float.weights.keys());
  const worth = hessianDiagonal(float, lossMoments(float, data).curvature, places, 0.01);
  const sizes = float.weights.map(Math.abs).sort();
  for (const bits of [1, 2, 3, 4]) {
    const at = async (all: ArrayLike<number>, options: QuantizeOptions) =>
      (
        await quantize(modelOf(Array.from(all)), {
          method: "uniform",
          bits,
          levelPrecision: "float32",
          ...options,
        })
      ).weights;
    for (const percentile of [50, 80, 100]) {
      const top = sizes[Math.ceil((percentile / 100) * sizes.length) - 1];
      const clipped = float.weights.map((w) => Math.min(Math.max(w, -top), top));
      assert.deepEqual(
        await at(float.weights, { range: "percentile", percentile }),
        await at(clipped, { range: "minmax" }),
      );
    }
    const weighed = (decoded: Float64Array) =>
      decoded.reduce((sum, w, i) => sum + worth[i] * (w - float.weights[i]) ** 2, 0);
    const options = { method: "uniform", bits, levelPrecision: "float32", data, refit: false } as const;
    const errors: Record<string, number> = {};
    for (const range of ["hessian", "mse", "minmax"] as const)
      errors[range] = weighed((await quantize(float, { ...options, range })).weights);
    assert.ok(errors.hessian <= 1.001 * errors.mse, `${bits} bits: ${errors.hessian} and ${errors.mse}`);
    assert.ok(errors.hessian <= errors.minmax, `${bits} bits: ${errors.hessian} and ${errors.minmax}`);
  }
});

test("ternary and binary are the best of their kind", async () => {
  await fc.assert(
    fc.asyncProperty(weights, async (all) => {
      const error = async (method: "ternary" | "binary") =>
        (await quantize(modelOf(all), { method, levelPrecision: "float32" })).quantization!.squaredError;
      const sizes = all.map(Math.abs).filter((w) => w > 0);
      const errorAt = (scale: number, threshold: number) =>
        sizes.reduce((sum, w) => sum + (w >= threshold ? w - scale : w) ** 2, 0);
      const ternary = await error("ternary");
      for (const threshold of sizes) {
        const kept = sizes.filter((w) => w >= threshold);
        const scale = kept.reduce((sum, w) => sum + w, 0) / kept.length;
        assert.ok(ternary <= errorAt(scale, threshold) * (1 + 1e-5) + 1e-9);
      }
      const mean = sizes.reduce((sum, w) => sum + w, 0) / sizes.length;
      assert.ok(Math.abs((await error("binary")) - errorAt(mean, 0)) <= 1e-5 * (1 + errorAt(mean, 0)));
    }),
    { numRuns: 150, seed: 3 },
  );
});

test("powers of two are within a factor of 4/3 and 2/3 where they reach", async () => {
  const all = Array.from({ length: 36 }, (_, at) => 2 ** (at / 6 - 3) * (at % 2 === 0 ? 1 : -1));
  const model = await quantize(modelOf(all), { method: "powerOfTwo", bits: 5 });
  all.forEach((w, at) => {
    const exponent = Math.log2(Math.abs(model.weights[at]));
    assert.equal(exponent, Math.round(exponent));
    const ratio = model.weights[at] / w;
    assert.ok(ratio >= 2 / 3 - 1e-12 && ratio <= 4 / 3 + 1e-12, `${w} to ${model.weights[at]}`);
  });
});

test("stochastic rounding has no bias, and another seed other codes", async () => {
  const model = modelOf(Array.from({ length: 36 }, (_, at) => Math.cos(at) * 2));
  const options = { method: "uniform", bits: 2, range: "minmax", rounding: "stochastic" } as const;
  const mean = new Float64Array(36);
  const runs = 2000;
  let step = 0;
  for (let seed = 0; seed < runs; seed++) {
    const { weights: rounded, scheme } = await quantize(model, { ...options, seed });
    if (scheme.kind === "uniform") step = scheme.scale;
    rounded.forEach((w, at) => {
      mean[at] += w / runs;
    });
  }
  // Each is within a step of the truth, so the mean has at most this standard error; five of them.
  const bound = (5 * step) / 2 / Math.sqrt(runs);
  mean.forEach((w, at) => {
    assert.ok(Math.abs(w - model.weights[at]) < bound, `${w} for ${model.weights[at]}`);
  });
});

test("more levels than distinct weights leave the weights as they are", async () => {
  const all = Array.from({ length: 36 }, (_, at) => [0.5, -0.25, 0, 2][at % 4]);
  for (const method of ["kmeans", "quantile"] as const) {
    const model = await quantize(modelOf(all), { method, bits: 4 });
    assert.deepEqual([...model.weights], all);
    assert.equal(model.quantization!.levels, 3);
  }
});

test("options that do not go together are refused", async () => {
  const model = modelOf(Array.from({ length: 36 }, (_, at) => at - 17.5));
  const invalid: QuantizeOptions[] = [
    { method: "powerOfTwo", bits: 9 },
    { method: "entropy", bits: 9 },
    { method: "ternary", bits: 2 },
    { method: "float16", granularity: "class" },
    { method: "float16", importances: "equal" },
    { method: "uniform", percentile: 99 },
    { method: "uniform", range: "percentile", percentile: 0 },
    { method: "kmeans", symmetric: false },
    { method: "kmeans", bitsPerWeight: 2 },
    { method: "entropy", rounding: "stochastic" },
    { method: "entropy", bitsPerWeight: 0 },
    { granularity: "feature" as never },
    { granularity: "block", blockSize: 0 },
    { granularity: "group", groups: [[0, -1]] },
    { granularity: "group", groups: [[]] },
    { granularity: "group", groups: [[0, 1], [1]] },
    { groups: [[0, 1]] },
    { blockSize: 4 },
    { rounding: "up" as never },
    { importances: new Array(36).fill(-1) },
    { importances: "none" as never },
    { data, refit: { lambda: -1 } },
    { seed: 0.5 },
  ];
  for (const options of invalid) {
    await assert.rejects(quantize(model, options), { code: "invalid-option" }, JSON.stringify(options));
  }
  const missing: QuantizeOptions[] = [
    { rounding: "compensated" },
    { importances: "hessian" },
    { method: "uniform", range: "hessian" },
    { granularity: "group" },
    { refit: { lambda: 1 } },
    { data, refit: { lambda: [] } },
  ];
  for (const options of missing) {
    await assert.rejects(quantize(model, options), { code: "missing-option" }, JSON.stringify(options));
  }
  await assert.rejects(quantize(model, { granularity: "group", groups: [["no"]] }), {
    code: "missing-column",
  });
  await assert.rejects(quantize(model, { importances: [1] }), { code: "length-mismatch" });
  const narrow = randomData("dense", 20, 5, 3, 1);
  for (const options of [{ data: narrow }, { validation: narrow }]) {
    await assert.rejects(quantize(model, options), { code: "width-mismatch" });
  }
  const huge = modelOf(Array.from({ length: 36 }, () => 1e5));
  await assert.rejects(quantize(huge, { method: "float16" }), { code: "invalid-model" });
});
