import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { compactOf, countStored } from "../../src/compress/compact";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";

const random = new Random(6);
const [rows, columns] = [30, 50];
const table = Float32Array.from({ length: rows * columns }, (_, at) =>
  at % columns < 40 && random.uniform() < 0.1 ? Math.fround(random.normal()) : 0,
);
const labels = Array.from({ length: rows }, (_, i) => i % 2);
const entries = (i: number, zeros: boolean) =>
  Array.from({ length: columns }, (_, j): [number, number] => [j, table[i * columns + j]]).filter(
    ([j, x]) => x !== 0 || (zeros && (i + j) % 7 === 0),
  );
const sparse = (zeros: boolean) =>
  SparseMatrix.fromRows(
    Array.from({ length: rows }, (_, i) => entries(i, zeros)),
    columns,
  );
const dataOf = (features: SparseMatrix | DenseMatrix) => Dataset.from({ features, labels });

test("columns without a value are left out, the same ones of dense rows, of sparse rows and of stored zeros", () => {
  const wide = [dataOf(new DenseMatrix(rows, columns, table)), dataOf(sparse(false)), dataOf(sparse(true))];
  const used = Array.from({ length: columns }, (_, j) => j).filter((j) =>
    labels.some((_, i) => table[i * columns + j] !== 0),
  );
  for (const data of wide) {
    const { features, columns: kept } = compactOf(data, null);
    assert.deepEqual([...kept], used);
    const dense = features.toDense().values;
    for (let i = 0; i < rows; i++) {
      used.forEach((j, at) => {
        assert.equal(dense[i * used.length + at], table[i * columns + j]);
      });
    }
    assert.equal(features.nonzeros, countStored(data));
    const wanted = Uint8Array.from({ length: columns }, (_, j) => j % 2);
    assert.deepEqual(
      [...compactOf(data, wanted).columns],
      used.filter((j) => j % 2 === 1),
    );
  }
  assert.ok(used.length < columns);
});

test("values that are all one are not stored, and rows given stay as they are", () => {
  const ones = sparse(false);
  const plain = new SparseMatrix(rows, columns, ones.pointers, ones.indices, null);
  assert.equal(compactOf(dataOf(plain), null).features.values, null);
  const before = ones.indices.slice();
  compactOf(dataOf(ones), null);
  assert.deepEqual(ones.indices, before);
});
