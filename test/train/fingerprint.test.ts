import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { regularizationPath } from "../../src/train/path";
import { fingerprintOf } from "../../src/train/threads/fingerprint";

test("a fingerprint tells of signs that change, of all values, of a stretch or of two", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), fc.boolean(), (length, a, b, both) => {
      const random = new Random(a);
      const values = Float32Array.from({ length }, () => 1 + random.uniform());
      const features = new DenseMatrix(length, 1, values);
      const labels = new Uint32Array(length);
      const of = () => fingerprintOf({ features, labels, shares: new Float64Array(length) });
      const before = of();
      assert.equal(of(), before);
      const [from, to] = [a % length, b % length].sort((x, y) => x - y);
      for (let i = from; i <= to; i++) if (both || i === from || i === to) values[i] = -values[i];
      assert.notEqual(of(), before);
    }),
    { numRuns: 500 },
  );
});

test("a feature that became NaN since the last fit is refused by row and column, by a fit and a path", async () => {
  const random = new Random(5);
  const [rows, columns] = [2048, 64];
  const values = Float32Array.from({ length: rows * columns }, () => random.normal());
  const labels = Array.from({ length: rows }, (_, i) => i % 2);
  const data = Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const estimator = new LogisticRegression({ lambda: 1e-2 });
  await estimator.fit(data);
  values[3 * columns + 7] = Number.NaN;
  for (const again of [() => estimator.fit(data), () => regularizationPath(data, { penalty: "l1" })]) {
    await assert.rejects(again, (error: unknown) => {
      assert.ok(error instanceof LogitpressError && error.code === "not-finite");
      assert.match(error.message, /row 3, column 7/);
      return true;
    });
  }
});

test("features that were negated in place since the last fit are fitted as they are now", async () => {
  const random = new Random(4);
  const [rows, columns] = [2048, 64];
  const values = Float32Array.from({ length: rows * columns }, () => random.normal());
  const labels = Array.from({ length: rows }, (_, i) => (values[i * columns] + random.normal() > 0 ? 1 : 0));
  const data = Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const estimator = new LogisticRegression({ lambda: 1e-2, tolerance: 1e-8, threads: 2 });
  const before = await estimator.fit(data);
  for (let k = 0; k < values.length; k++) values[k] = -values[k];
  const after = await estimator.fit(data);
  after.weights.forEach((w, j) => {
    assert.ok(Math.abs(w + before.weights[j]) < 1e-4, `weight ${j}: ${before.weights[j]}, then ${w}`);
  });
});
