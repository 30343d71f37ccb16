import assert from "node:assert/strict";
import { test } from "node:test";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { planQuantization, type QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { evidence } from "../model/evidence";
import { randomData } from "../train/data";

/** A model of so many weights other than zero. */
function modelOf(classes: number, nonzeros: number): LinearModel {
  const outputs = classes === 2 ? 1 : classes;
  const features = Math.ceil(nonzeros / outputs) + 1;
  return new LinearModel(
    {
      classes: Array.from({ length: classes }, (_, k) => k),
      link: classes === 2 ? "binary" : "softmax",
      featureNames: numberedNames(features),
      weights: Float64Array.from({ length: features * outputs }, (_, at) => Number(at < nonzeros)),
      intercepts: new Float64Array(outputs),
      scale: null,
    },
    evidence,
    0.01,
  );
}

test("classes have levels of their own where few bits and a refit are asked for and levels take a tenth of what codes do", () => {
  const data = randomData("dense", 10, 3, 3, 1);
  const granularity = (classes: number, nonzeros: number, options: QuantizeOptions) =>
    planQuantization(options, modelOf(classes, nonzeros)).granularity;
  // Three classes of four levels are 192 bits, of eight 384.
  assert.equal(granularity(3, 960, { bits: 2, data }), "class");
  assert.equal(granularity(3, 959, { bits: 2, data }), "model");
  assert.equal(granularity(3, 1280, { bits: 3, data }), "class");
  assert.equal(granularity(3, 1279, { bits: 3, data }), "model");
  assert.equal(granularity(3, 1919, { bits: 2, data, levelPrecision: "float32" }), "model");
  // One scale a class.
  assert.equal(granularity(3, 160, { method: "uniform", bits: 3, data }), "class");
  assert.equal(granularity(3, 159, { method: "uniform", bits: 3, data }), "model");
  // More than 256 levels.
  assert.equal(granularity(32, 1e5, { bits: 3, data }), "class");
  assert.equal(granularity(33, 1e5, { bits: 3, data }), "model");
  for (const [classes, options] of [
    [2, { bits: 2, data }],
    [3, { bits: 2 }],
    [3, { bits: 4, data }],
    [3, { bits: 2, data, refit: false }],
    [3, { bits: 2, data, rounding: "nearest" }],
    [3, { bits: 2, data, granularity: "model" }],
    [3, { method: "float16", data }],
  ] as const) {
    assert.equal(granularity(classes, 1e5, options), "model");
  }
});

test("the default is what it says it is", async () => {
  const data = randomData("csr", 60, 330, 3, 2);
  const model = await new LogisticRegression({ lambda: 0.02 }).fit(data);
  const found = await quantize(model, { bits: 2, data });
  assert.equal(found.quantization!.granularity, "class");
  assert.deepEqual(found.codes, (await quantize(model, { bits: 2, data, granularity: "class" })).codes);
});
