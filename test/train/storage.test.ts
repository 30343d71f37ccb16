import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { compress } from "../../src/compress/compress";
import { readSvmlight } from "../../src/frame/svmlight";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { regularizationPath } from "../../src/train/path";

/** A table of which a share is other than zero, and classes that it tells something of. */
function table(rows: number, columns: number, share: number, classes: number): [DenseMatrix, number[]] {
  const random = new Random(rows + columns);
  const values = Float32Array.from({ length: rows * columns }, () =>
    random.uniform() < share ? random.normal() : 0,
  );
  const labels = Array.from({ length: rows }, (_, i) =>
    i < classes ? i : (Math.floor(2 * Math.abs(values[i * columns] + random.normal())) + i) % classes,
  );
  return [new DenseMatrix(rows, columns, values), labels];
}

function compressed({ rows, columns, values }: DenseMatrix): SparseMatrix {
  const lines = Array.from({ length: rows }, (_, i) =>
    Array.from(values.subarray(i * columns, (i + 1) * columns), (x, j): [number, number] => [j, x]).filter(
      ([, x]) => x !== 0,
    ),
  );
  return SparseMatrix.fromRows(lines, columns);
}

const penalties: LogisticRegressionOptions[] = [
  { penalty: "l2", lambda: 1e-2 },
  { penalty: "l1", lambda: 5e-3 },
  { penalty: "elasticnet", l1Ratio: 0.5, lambda: 1e-2 },
  { penalty: "none" },
];

for (const [rows, columns, share, classes] of [
  [120, 8, 1, 2],
  [150, 12, 0.55, 3],
  [90, 70, 0.8, 2],
  // In threads.
  [3000, 40, 0.7, 2],
] as const) {
  test(`${rows} x ${columns}, ${share} of it other than zero, ${classes} classes: sparse rows are fitted as dense ones`, async () => {
    const [dense, labels] = table(rows, columns, share, classes);
    for (const options of penalties) {
      const of = (features: DenseMatrix | SparseMatrix) =>
        new LogisticRegression(options).fit(Dataset.from({ features, labels }));
      const [given, turned] = [await of(dense), await of(compressed(dense))];
      turned.weights.forEach((w, j) => {
        assert.ok(Math.abs(w - given.weights[j]) <= 1e-10, `${w}, ${given.weights[j]}`);
      });
      assert.ok(Math.abs(turned.fit.objective - given.fit.objective) <= 1e-10);
      assert.equal(turned.fit.solver, given.fit.solver);
      assert.equal(given.fit.storedAs, undefined);
      const percent = (100 * compressed(dense).nonzeros) / (rows * columns);
      assert.match(turned.fit.storedAs!, /^sparse rows were stored dense/);
      assert.ok(Math.abs(Number(/[\d.]+/.exec(turned.fit.storedAs!)![0]) - percent) < 0.06);
    }
  });
}

test("sparse rows of few values, and rows of ones, stay sparse; dense rows of few values become sparse", async () => {
  const storedAs = async (features: DenseMatrix | SparseMatrix, labels: number[]) =>
    (await new LogisticRegression({ lambda: 1e-2 }).fit(Dataset.from({ features, labels }))).fit.storedAs;
  const [few, labels] = table(100, 30, 0.3, 2);
  assert.equal(await storedAs(compressed(few), labels), undefined);
  assert.equal(await storedAs(few, labels), undefined);
  const [full, others] = table(100, 30, 0.9, 2);
  const { rows, columns, pointers, indices } = compressed(full);
  assert.equal(await storedAs(new SparseMatrix(rows, columns, pointers, indices, null), others), undefined);
  const [wide, last] = table(60, 300, 0.1, 2);
  assert.match((await storedAs(wide, last))!, /^dense rows were stored sparse, since .* %/);
});

test("what goes through sparse rows value by value gets them so: sparse rows without a zero are compressed as dense ones are", async () => {
  const [dense, labels] = table(240, 10, 1, 2);
  const found = [dense, compressed(dense)].map(async (features) => {
    const data = Dataset.from({ features, labels });
    return (await compress(data, data, { maxAccuracyDrop: 0.02, folds: 3, threads: 1 })).points.map(
      ({ packed }) => Buffer.from(packed).toString("hex"),
    );
  });
  const [ours, theirs] = await Promise.all(found);
  assert.ok(ours.length > 0);
  assert.deepEqual(ours, theirs);
});

test("a path and a file of svmlight take the same way", async () => {
  const [dense, labels] = table(200, 10, 1, 2);
  const path = join(mkdtempSync(join(tmpdir(), "logitpress-storage-")), "a.svm");
  const lines = labels.map((label, i) => {
    const row = dense.values.subarray(i * 10, (i + 1) * 10);
    return `${label} ${Array.from(row, (x, j) => `${j + 1}:${x}`).join(" ")}`;
  });
  writeFileSync(path, `${lines.join("\n")}\n`);
  const read = await readSvmlight(path);
  assert.equal(read.features.kind, "csr");
  const given = Dataset.from({ features: dense, labels });
  const [ours, theirs] = [read, given].map((data) =>
    regularizationPath(data, { penalty: "l1", lambdas: 5, earlyStop: false }),
  );
  const steps = (await theirs).steps;
  (await ours).steps.forEach(({ model }, n) => {
    assert.match(model.fit.storedAs!, /100 %/);
    model.weights.forEach((w, j) => {
      assert.ok(Math.abs(w - steps[n].model.weights[j]) <= 1e-10);
    });
  });
});
