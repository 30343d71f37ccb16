import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { meanLogLoss } from "../../src/model/log-loss";
import type { Scorer } from "../../src/model/scorer";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { trainCompressed } from "../../src/quantize/train-compressed";
import { LogisticRegression } from "../../src/train/logistic-regression";

/** The same data twice: rows of weight 0 to 3, and rows repeated as often. */
function pairOf(classes: number): { weighted: Dataset; repeated: Dataset } {
  const random = new Random(2);
  const rows = 90;
  const labels = Array.from({ length: rows }, (_, i) => i % classes);
  const features = labels.map((label) =>
    Array.from({ length: 5 }, (_, j) => random.normal() + Number(j === label)),
  );
  const weights = labels.map(() => random.integer(4));
  const order = weights.flatMap((weight, i) => new Array<number>(weight).fill(i));
  const weighted = Dataset.from({ features, labels, weights });
  return { weighted, repeated: Dataset.from({ features, labels }).take(order) };
}

function alike(ours: Scorer, theirs: Scorer): void {
  for (const of of ["weights", "intercepts"] as const) {
    ours[of].forEach((w, at) => {
      assert.ok(Math.abs(w - theirs[of][at]) < 1e-6, `${of}: ${w} and ${theirs[of][at]}`);
    });
  }
}

for (const [classes, multiclass] of [
  [2, "softmax"],
  [3, "softmax"],
  [3, "ovr"],
] as const) {
  test(`a row of weight k counts as k rows: ${classes} classes, ${multiclass}`, async () => {
    const { weighted, repeated } = pairOf(classes);
    const fitted = (data: Dataset, classWeight?: "balanced") =>
      new LogisticRegression({ multiclass, lambda: 0.01, tolerance: 1e-10, classWeight }).fit(data);
    const [model, theirs] = [await fitted(weighted), await fitted(repeated)];
    alike(model, theirs);
    assert.ok(Math.abs(model.fit.objective - theirs.fit.objective) < 1e-9);
    alike(await fitted(weighted, "balanced"), await fitted(repeated, "balanced"));
    assert.ok(Math.abs(model.score(weighted) - model.score(repeated)) < 1e-12);
    assert.ok(Math.abs(meanLogLoss(model, weighted) - meanLogLoss(model, repeated)) < 1e-12);
    const gradients = async (data: Dataset) =>
      (await prune(model, { strategy: "gradient", keep: 3, data })).importances;
    const others = await gradients(repeated);
    (await gradients(weighted)).forEach((worth, at) => {
      assert.ok(Math.abs(worth - others[at]) < 1e-12);
    });
    const pruned = (data: Dataset) => prune(model, { keep: 4, data, refit: true });
    alike(await pruned(weighted), await pruned(repeated));
    const levels = (data: Dataset) => quantize(model, { bits: 2, data, levelPrecision: "float32" });
    alike(await levels(weighted), await levels(repeated));
    const loop = async (data: Dataset) =>
      (await trainCompressed(data, { epochs: 30, multiclass, numBits: 8 })).best.loss;
    assert.ok(Math.abs((await loop(weighted)) - (await loop(repeated))) < 1e-6);
  });
}

test("the scale of all weights does not matter", async () => {
  const { weighted } = pairOf(3);
  const scaled = Dataset.from({
    features: weighted.features,
    labels: weighted.labels,
    weights: weighted.weights!.map((w) => 1e-3 * w),
  });
  const fitted = (data: Dataset) => new LogisticRegression({ lambda: 0.01, tolerance: 1e-10 }).fit(data);
  const model = await fitted(weighted);
  alike(await fitted(scaled), model);
  assert.ok(Math.abs(meanLogLoss(model, scaled) - meanLogLoss(model, weighted)) < 1e-12);
});
