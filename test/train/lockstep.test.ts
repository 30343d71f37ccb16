import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import { warningText } from "../../src/model/warning";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { kinds, randomData } from "./data";

for (const kind of kinds) {
  for (const classes of [3, 4, 7]) {
    for (const fitIntercept of [true, false]) {
      test(`sigmoids in lockstep are what each is alone: ${kind}, ${classes} classes, intercept ${fitIntercept}`, async () => {
        const data = randomData(kind, 150, 9, classes, 11);
        const options = { lambda: 1e-3, tolerance: 1e-12, solver: "newton", fitIntercept } as const;
        const all = await new LogisticRegression({ ...options, multiclass: "ovr" }).fit(data);
        assert.ok(all.fit.converged, all.fit.warnings.map(warningText).join());
        let objective = 0;
        for (let k = 0; k < classes; k++) {
          const labels = Array.from(data.labels, (label) => (label === k ? 1 : 0));
          const one = Dataset.from({ features: data.features, labels });
          const alone = await new LogisticRegression(options).fit(one);
          objective += alone.fit.objective;
          alone.weights.forEach((w, j) => {
            assert.ok(Math.abs(w - all.weights[j * classes + k]) < 1e-5 * (1 + Math.abs(w)));
          });
        }
        assert.ok(Math.abs(objective - all.fit.objective) <= 1e-10 * objective);
      });
    }
  }
}

test("a class of one row does not hold up the others", async () => {
  const base = randomData("csr", 300, 8, 3, 5);
  const labels = Array.from(base.labels, (label, i) => (i === 17 ? 3 : label));
  const data = Dataset.from({ features: base.features, labels });
  const { fit } = await new LogisticRegression({ lambda: 1e-6, multiclass: "ovr", tolerance: 1e-9 }).fit(
    data,
  );
  assert.ok(fit.converged, fit.warnings.map(warningText).join());
  assert.ok(fit.dualityGap >= 0 && fit.dualityGap <= 1e-9 * fit.objective);
});

test("a dense matrix of many zeros is fitted as the same matrix stored sparse", async () => {
  const random = new Random(8);
  const [rows, columns] = [120, 300];
  const values = Float32Array.from({ length: rows * columns }, () =>
    random.uniform() < 0.1 ? random.normal() : 0,
  );
  const labels = Array.from({ length: rows }, () => random.integer(3));
  const lines = Array.from({ length: rows }, (_, i) =>
    [...values.subarray(i * columns, (i + 1) * columns).entries()].filter(([, x]) => x !== 0),
  );
  const dense = Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const sparse = dense.withFeatures(SparseMatrix.fromRows(lines, columns));
  for (const multiclass of ["softmax", "ovr"] as const) {
    const estimator = new LogisticRegression({
      lambda: 1e-3,
      multiclass,
      tolerance: 1e-10,
      solver: "newton",
    });
    const [ours, theirs] = [await estimator.fit(dense), await estimator.fit(sparse)];
    assert.ok(ours.fit.converged && theirs.fit.converged);
    assert.deepEqual(ours.weights, theirs.weights);
  }
});
