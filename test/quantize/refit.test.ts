import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { levelsOf } from "../../src/quantize/quantized";
import { evidence } from "../model/evidence";

const random = new Random(9);
const truth = Float64Array.from({ length: 30 }, () => random.normal());
const features = Array.from({ length: 500 }, () => Array.from(truth, () => random.normal()));
const data = Dataset.from({
  features,
  labels: features.map((x) =>
    random.uniform() < 1 / (1 + Math.exp(-x.reduce((sum, v, j) => sum + v * truth[j], 0))) ? 1 : 0,
  ),
});

const model = new LinearModel(
  {
    classes: data.classes,
    link: "binary",
    featureNames: numberedNames(30),
    weights: truth,
    intercepts: Float64Array.of(0.5),
    scale: null,
  },
  evidence,
  0.001,
);

for (const method of ["uniform", "kmeans"] as const) {
  test(`the refit of ${method} levels lowers the loss at the same codes`, async () => {
    const pruned = await prune(model, { keep: 20 });
    const plain = await quantize(pruned, { method, bits: 2 });
    const refitted = await quantize(pruned, { method, bits: 2, data, rounding: "nearest" });
    const objective = (m: typeof plain) =>
      meanLogLoss(m, data) + (0.001 / 2) * m.weights.reduce((sum, w) => sum + w * w, 0);
    assert.ok(objective(refitted) < objective(plain));
    assert.deepEqual(refitted.positions, plain.positions);
    assert.deepEqual(refitted.codes, plain.codes);
    assert.equal(refitted.quantization!.refitLambda, 0.001);
    // Levels and intercepts take as many bits as they need: at most 16 each.
    assert.ok(Math.abs(pack(refitted).length - pack(plain).length) <= 4);
    assert.deepEqual(unpack(pack(refitted)).weights, refitted.weights);
    pruned.weights.forEach((w, at) => {
      if (w === 0) assert.equal(refitted.weights[at], 0);
    });
  });

  test(`refitted ${method} levels are at the optimum to the precision of 16 bits`, async () => {
    const refitted = await quantize(model, { method, bits: 3, data, levelPrecision: "float32" });
    const levels = levelsOf(refitted.scheme);
    const lossOf = (scale: number, shift: number) => {
      const weights = refitted.weights.map((w) => w * scale);
      const moved = new LinearModel(
        { ...parts, weights, intercepts: refitted.intercepts.map((b) => b + shift) },
        model.fit,
        0,
      );
      return meanLogLoss(moved, data) + (0.001 / 2) * weights.reduce((sum, w) => sum + w * w, 0);
    };
    const { classes, link, featureNames, scale } = model;
    const parts = { classes, link, featureNames, scale };
    const best = lossOf(1, 0);
    assert.ok(levels.length > 1);
    for (const [by, shift] of [
      [1.01, 0],
      [0.99, 0],
      [1, 0.01],
      [1, -0.01],
    ]) {
      assert.ok(lossOf(by, shift) > best);
    }
  });
}
