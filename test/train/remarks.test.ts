import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { crossValidate } from "../../src/evaluate/cross-validate";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { regularizationPath } from "../../src/train/path";
import { randomData } from "./data";

const codesOf = ({ fit }: LinearModel) => fit.warnings.map(({ code }) => code);
const fit = (data: Dataset, options: LogisticRegressionOptions) => new LogisticRegression(options).fit(data);
const none = { penalty: "none" } as const;

/** Random dense data with columns changed by `change`. */
function changed(change: (row: Float32Array, i: number) => void, rows = 120, columns = 4): Dataset {
  const data = randomData("dense", rows, columns, 2, 5);
  const values = (data.features as DenseMatrix).values.slice();
  for (let i = 0; i < rows; i++) change(values.subarray(i * columns, (i + 1) * columns), i);
  return data.withFeatures(new DenseMatrix(rows, columns, values));
}

test("a fit of sound data that converges has no warning", async () => {
  for (const kind of ["dense", "csr", "ones"] as const) {
    const data = randomData(kind, 120, 4, 2, 5);
    for (const options of [none, { penalty: "l1" }, { lambda: 0.1 }] as const) {
      assert.deepEqual(codesOf(await fit(data, options)), []);
    }
  }
});

test("without a penalty constant, repeated and dependent columns are told with the fit", async () => {
  const constant = changed((row) => {
    row[1] = 3;
  });
  const twice = changed((row) => {
    row[2] = row[0];
  });
  const related = changed((row) => {
    row[3] = 2 * row[0] - row[1];
  });
  for (const [data, code] of [
    [constant, "constant-column"],
    [twice, "duplicate-column"],
    [related, "collinear-columns"],
  ] as const) {
    const model = await fit(data, none);
    assert.deepEqual(codesOf(model), [code]);
    assert.ok(model.fit.converged);
    for (const { message, remedy } of model.fit.warnings) {
      assert.match(message, /"x\d"/);
      assert.match(remedy, /^[A-Z].*\.$/);
    }
    assert.deepEqual(codesOf(await fit(data, { lambda: 1e-3 })), []);
  }
});

test("scales too far apart for a penalty are told, by rows of weight and in the dataset's scale", async () => {
  const data = changed((row, i) => {
    row[0] *= 1e-6;
    row[3] *= i === 0 ? 1e10 : 1e5;
  });
  for (const penalty of ["l2", "l1"] as const) {
    assert.ok(codesOf(await fit(data, { penalty, lambda: 1e-3 })).includes("bad-scaling"));
  }
  const { features, labels } = data;
  const scale = Float32Array.of(1e6, 1, 1, 1e-5);
  const weights = Float64Array.from(labels, (_, i) => (i === 0 ? 0 : 1));
  const lighter = await fit(Dataset.from({ features, labels, scale, weights }), { lambda: 1e-3 });
  assert.ok(!codesOf(lighter).includes("bad-scaling"));
});

test("scales of sparse columns count the zeros, and matrices of ones have but one", async () => {
  const random = new Random(4);
  const lines = Array.from({ length: 90 }, (_, i): [number, number][] => [
    [i % 2, 1e-5],
    [2 + (i % 3), 1e5 * (1 + random.uniform())],
  ]);
  const data = Dataset.from({
    features: SparseMatrix.fromRows(lines, 5),
    labels: lines.map(() => random.integer(2)),
  });
  assert.ok(codesOf(await fit(data, { lambda: 1e-3 })).includes("bad-scaling"));
  const { rows, columns, pointers, indices } = data.features as SparseMatrix;
  const ones = data.withFeatures(new SparseMatrix(rows, columns, pointers, indices, null));
  assert.deepEqual(codesOf(await fit(ones, { lambda: 1e-3 })), []);
});

test("separable classes are told by the features that separate them, all but separable ones too", async () => {
  const separable = changed((row, i) => {
    row[2] = i % 2 === 0 ? 2 + row[2] ** 2 : -(row[2] ** 2);
  });
  const labels = Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? "even" : "odd"));
  const apart = Dataset.from({ features: separable.features, labels });
  const model = await fit(apart, none);
  assert.equal(model.fit.converged, false);
  assert.deepEqual(codesOf(model), ["separable", "separating-column"]);
  assert.match(model.fit.warnings[0].message, /"x2"/);
  const random = new Random(3);
  const rows = Array.from({ length: 100 }, (_, i) => [random.normal(), i < 8 ? 1 : 0]);
  const tied = Dataset.from({
    features: rows,
    labels: rows.map(([x], i) => (i < 8 || x + random.normal() > 0 ? 1 : 0)),
    featureNames: ["age", "rare"],
  });
  const found = await fit(tied, none);
  assert.ok(codesOf(found).includes("quasi-separable"));
  assert.match(found.fit.warnings.find(({ code }) => code === "quasi-separable")!.message, /"rare"/);
});

test("separable classes within bounds have finite weights, which is no remark", async () => {
  const data = Dataset.from({ features: [[-2], [-1], [1], [2]], labels: [0, 0, 1, 1] });
  const model = await fit(data, { ...none, bounds: { lower: -3, upper: 3 } });
  assert.ok(model.fit.converged);
  assert.equal(model.weights[0], 3);
  assert.ok(!codesOf(model).includes("separable"));
});

test("a path and a cross-validation gather what did not converge in one warning each", async () => {
  const data = randomData("dense", 200, 30, 2, 5);
  const options = {
    penalty: "l1",
    maxIterations: 1,
    tolerance: 1e-12,
    lambdas: 8,
    earlyStop: false,
  } as const;
  const path = await regularizationPath(data, options);
  assert.deepEqual(
    path.warnings.map(({ code }) => code),
    ["not-converged"],
  );
  assert.match(path.warnings[0].message, /^\d of 8 steps did not converge, the first at lambda /);
  const { warnings } = await crossValidate(data, { ...options, folds: 3 });
  assert.equal(warnings.length, 2);
  assert.match(warnings[1].message, /^\d+ of 24 fits of the folds did not converge/);
});
