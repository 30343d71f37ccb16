import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { LinearModel } from "../../src/model/linear";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { randomData } from "./data";

const columns = 18;
const variants: Readonly<Record<string, LogisticRegressionOptions>> = {
  l2: { penalty: "l2" },
  "l2, adaptive": { penalty: "l2", penaltyWeights: Array.from({ length: columns }, (_, j) => 0.5 + j / 10) },
  l1: { penalty: "l1" },
  elasticnet: { penalty: "elasticnet", l1Ratio: 0.6 },
  "l1, adaptive": { penalty: "l1", penaltyWeights: Array.from({ length: columns }, (_, j) => 0.2 + j / 5) },
  signs: { penalty: "l1", bounds: { lower: 0 } },
};

for (const [name, options] of Object.entries(variants)) {
  test(`few dense columns, ${name}: the gap bounds what is missing at loose tolerances, too`, async () => {
    for (const seed of [1, 2, 3]) {
      const data = randomData("dense", 150, columns, 2, seed);
      for (const lambda of [0.03, 0.003]) {
        for (const fitIntercept of [true, false]) {
          const of = { ...options, lambda, fitIntercept, maxIterations: 1000 };
          const best = (await new LogisticRegression({ ...of, tolerance: 1e-11 }).fit(data)).fit.objective;
          for (const tolerance of [1e-2, 1e-4, 1e-6]) {
            const { fit } = await new LogisticRegression({ ...of, tolerance }).fit(data);
            const what = `lambda ${lambda}, intercept ${fitIntercept}, tolerance ${tolerance}`;
            assert.ok(fit.converged && fit.dualityGap <= tolerance * fit.objective, what);
            assert.ok(fit.objective - best <= fit.dualityGap + 1e-11 * best, `${what}: no bound`);
          }
        }
      }
    }
  });
}

const regression = new LogisticRegression({ lambda: 0.01, tolerance: 1e-8 });

function assertSame(ours: LinearModel, theirs: LinearModel): void {
  assert.deepEqual(ours.weights, theirs.weights);
  assert.deepEqual(ours.intercepts, theirs.intercepts);
  assert.equal(ours.fit.dualityGap, theirs.fit.dualityGap);
}

test("fits to tables of one shape, one after another, are what each is alone", async () => {
  const [one, other] = [4, 5].map((seed) => randomData("dense", 90, 7, 2, seed));
  const between = [
    randomData("dense", 60, 7, 2, 6),
    randomData("csr", 90, 7, 2, 6),
    randomData("dense", 90, 8, 3, 6),
  ];
  const first = await regression.fit(one);
  for (const data of between) await regression.fit(data);
  const second = await regression.fit(other);
  assert.notDeepEqual(first.weights, second.weights);
  assertSame(await regression.fit(one), first);
  assertSame(await regression.fit(other), second);
  const weighted = Dataset.from({
    features: one.features,
    labels: one.labels,
    weights: Float64Array.from({ length: 90 }, (_, i) => 1 + (i % 3)),
  });
  const heavier = await regression.fit(weighted);
  assert.notDeepEqual(heavier.weights, first.weights);
  assertSame(await regression.fit(one), first);
  assertSame(await regression.fit(weighted), heavier);
});

test("what a caller wrote into a table between fits is fitted, or refused where it is not finite", async () => {
  const { features, labels } = randomData("dense", 90, 7, 2, 7);
  const { rows, values } = features as DenseMatrix;
  const data = Dataset.from({ features, labels });
  const before = await regression.fit(data);
  const [kept] = values;
  values[0] = kept + 3;
  const copy = Dataset.from({ features: new DenseMatrix(rows, 7, values.slice()), labels: labels.slice() });
  await regression.fit(randomData("dense", 50, 3, 2, 8));
  const changed = await regression.fit(data);
  assert.notDeepEqual(changed.weights, before.weights);
  assertSame(await regression.fit(copy), changed);
  for (const [at, value] of [
    [0, Number.NaN],
    [rows * 7 - 1, Number.NEGATIVE_INFINITY],
  ]) {
    const own = values[at];
    values[at] = value;
    await assert.rejects(
      regression.fit(data),
      (error: unknown) => error instanceof LogitpressError && error.code === "not-finite",
    );
    values[at] = own;
  }
  values[0] = kept;
  assertSame(await regression.fit(data), before);
});
