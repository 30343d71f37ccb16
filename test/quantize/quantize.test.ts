import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import type { QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import { levelsOf, QuantizedModel } from "../../src/quantize/quantized";
import { evidence } from "../model/evidence";

function modelOf(weights: readonly number[]): LinearModel {
  return new LinearModel(
    {
      classes: [0, 1],
      link: "binary",
      featureNames: numberedNames(weights.length),
      weights: Float64Array.from(weights),
      intercepts: Float64Array.of(1 / 3),
      scale: null,
    },
    evidence,
    0.01,
  );
}

const weight = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -8, max: 8, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const weights = fc
  .array(weight, { minLength: 1, maxLength: 60 })
  .filter((all) => all.some((w) => Math.abs(w) > 1e-3))
  .map((all) => all.map((w) => (Math.abs(w) > 1e-3 ? w : 0)));
const bits = fc.integer({ min: 1, max: 16 });

test("uniform with minmax is within half a step, keeps zeros and signs", async () => {
  await fc.assert(
    fc.asyncProperty(weights, bits, fc.boolean(), fc.boolean(), async (all, b, symmetric, precise) => {
      const levelPrecision = precise ? "float32" : "float16";
      const options = { method: "uniform", bits: b, symmetric, range: "minmax", levelPrecision } as const;
      const { scheme, weights: decoded } = await quantize(modelOf(all), options);
      assert.ok(scheme.kind === "uniform");
      all.forEach((w, at) => {
        assert.ok(Math.abs(decoded[at] - w) <= (scheme.scale / 2) * (1 + 1e-9), `${w} to ${decoded[at]}`);
        if (w === 0) assert.equal(decoded[at], 0);
        else assert.equal(Math.sign(decoded[at]), Math.sign(w));
      });
    }),
    { numRuns: 400, seed: 1 },
  );
});

test("a range by squared error is never worse than minmax, and k-means never worse than either", async () => {
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (all, b, symmetric) => {
      const error = async (options: QuantizeOptions) =>
        (await quantize(modelOf(all), { bits: b, levelPrecision: "float32", ...options })).quantization!
          .squaredError;
      const minmax = await error({ method: "uniform", symmetric, range: "minmax" });
      const mse = await error({ method: "uniform", symmetric, range: "mse" });
      const kmeans = await error({ method: "kmeans" });
      assert.ok(mse <= minmax * (1 + 1e-12));
      assert.ok(kmeans <= mse * (1 + 1e-5) + 1e-9);
    }),
    { numRuns: 200, seed: 2 },
  );
});

test("the report's squared error is that of the model without a refit", async () => {
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (all, b, uniform) => {
      const model = await quantize(modelOf(all), { method: uniform ? "uniform" : "kmeans", bits: b });
      const error = all.reduce((sum, w, at) => sum + (model.weights[at] - w) ** 2, 0);
      assert.ok(Math.abs(error - model.quantization!.squaredError) <= 1e-9 * (1 + error));
      assert.ok(model.quantization!.entropyBits <= b + 1e-9);
      assert.equal(model.quantization!.levels, new Set(model.codes).size);
    }),
    { numRuns: 200, seed: 3 },
  );
});

test("levels and intercepts are what a 16-bit float holds, or 32 bits where they don't fit", async () => {
  const half = await quantize(modelOf([1 / 3, -1 / 7, 5]), { bits: 2 });
  assert.equal(half.quantization!.levelPrecision, "float16");
  assert.ok(levelsOf(half.scheme).includes(0.333251953125));
  assert.equal(half.intercepts[0], 0.333251953125);
  const wide = await quantize(modelOf([1 / 3, -1 / 7, 1e6]), { bits: 2 });
  assert.equal(wide.quantization!.levelPrecision, "float32");
  assert.deepEqual([...wide.weights], [1 / 3, -1 / 7, 1e6].map(Math.fround));
  await assert.rejects(quantize(modelOf([1e200, 1]), { bits: 2 }), { code: "invalid-model" });
});

test("a k-means level of exactly zero takes its weights with it", async () => {
  const model = await quantize(modelOf([-1, 1, 9, 9, -9, -9, 0]), { bits: 1 });
  const three = await quantize(modelOf([-1, 1, 20, 21, -20, -21, 40, -40, -41, 41]), { bits: 2 });
  for (const m of [model, three]) {
    assert.ok(!levelsOf(m.scheme).includes(0));
    assert.ok([...m.positions].every((at) => m.weights[at] !== 0));
    assert.equal(m.nonzeros, m.weights.filter((w) => w !== 0).length);
  }
  const removed = await quantize(modelOf([-1, 1, 100, 100, 100]), { bits: 1 });
  assert.equal(removed.quantization!.removed, 2);
  assert.deepEqual([...removed.positions], [2, 3, 4]);
});

test("what can't be quantized is refused", async () => {
  const model = modelOf([1, 2, 0]);
  for (const b of [0, 17, 2.5]) {
    await assert.rejects(quantize(model, { bits: b }), { code: "invalid-option" });
  }
  await assert.rejects(quantize(modelOf([0, 0]), {}), { code: "invalid-model" });
  await assert.rejects(quantize(modelOf([1, Number.NaN]), {}), { code: "invalid-model" });
  await assert.rejects(quantize(model, { method: "kmeans", range: "mse" }), { code: "invalid-option" });
  await assert.rejects(quantize(model, { refit: true }), { code: "missing-option" });
  await assert.rejects(quantize(model, { bit: 3 } as never), { code: "unknown-option" });
  const quantized = await quantize(model, {});
  assert.ok(quantized instanceof QuantizedModel);
  // @ts-expect-error a quantized model has no floating-point weights to quantize
  await assert.rejects(quantize(quantized, {}), { code: "invalid-model" });
  const stopped = { signal: AbortSignal.abort() };
  await assert.rejects(quantize(model, {}, stopped), { code: "cancelled" });
});

test("weights that no stored level can tell from zero are refused", async () => {
  for (const method of ["uniform", "kmeans"] as const) {
    await assert.rejects(quantize(modelOf([1e-50, -2e-50]), { method }), {
      code: "invalid-model",
      message: /largest weight: -2e-50; expected one that a 32-bit float tells from zero/,
    });
  }
});
