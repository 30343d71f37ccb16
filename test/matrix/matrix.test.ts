import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { listedNames } from "../../src/matrix/names";
import { SparseMatrix } from "../../src/matrix/sparse";

const table = fc
  .record({ rows: fc.integer({ min: 1, max: 12 }), columns: fc.integer({ min: 1, max: 8 }) })
  .chain(({ rows, columns }) => {
    const x = fc.oneof(fc.constant(0), fc.integer({ min: -4, max: 4 }));
    const row = fc.array(x, { minLength: columns, maxLength: columns });
    return fc.array(row, { minLength: rows, maxLength: rows });
  });

function sparse(rows: readonly number[][], binary: boolean = false): SparseMatrix {
  const pairs = rows.map((row) => row.flatMap((x, j) => (x === 0 ? [] : [[j, x] as const])).reverse());
  const { pointers, indices, values } = SparseMatrix.fromRows(pairs, rows[0].length);
  return new SparseMatrix(rows.length, rows[0].length, pointers, indices, binary ? null : values);
}

test("taking rows is the same for dense, sparse and binary matrices, in any order and more than once", () => {
  const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(table, picks, (rows, numbers) => {
      const order = numbers.map((n) => n % rows.length);
      const wanted = order.flatMap((i) => rows[i]);
      assert.deepEqual([...DenseMatrix.fromRows(rows).take(order).values], wanted);
      assert.deepEqual([...sparse(rows).take(order).toDense().values], wanted);
      const ones = sparse(rows, true).take(order);
      assert.equal(ones.values, null);
      assert.deepEqual(
        [...ones.toDense().values],
        wanted.map((x) => Number(x !== 0)),
      );
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("a row that is not there can't be taken", () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];
  const data = Dataset.from({ features: rows, labels: [0, 1] });
  for (const of of [data, data.features, sparse(rows)]) {
    for (const row of [-1, 2, 0.5, Number.NaN]) {
      assert.throws(() => of.take([0, row]), {
        code: "invalid-option",
        message: `invalid row to take: ${row}; expected an integer in [0, 2).`,
      });
    }
  }
});

test("a broken sparse structure is refused, naming where", () => {
  const build =
    (pointers: number[], indices: number[], values: number[] | null = null) =>
    () =>
      new SparseMatrix(
        2,
        3,
        Uint32Array.from(pointers),
        Uint32Array.from(indices),
        values && Float32Array.from(values),
      );
  assert.equal(build([0, 2, 3], [0, 2, 1])().nonzeros, 3);
  const broken = [
    [build([0, 2], [0, 1]), /row pointers.*Uint32Array\(2\); expected 3 offsets/],
    [build([1, 2, 3], [0, 1, 2]), /row pointers/],
    [build([0, 1, 2], [0, 1, 2]), /row pointers.*nonzeros, 3/],
    [build([0, 3, 2], [0, 1]), /row pointer|column index/],
    [build([0, 2, 3], [2, 0, 1]), /column index in row 0: 0; expected ascending distinct columns below 3/],
    [build([0, 2, 3], [1, 1, 1]), /column index in row 0: 1/],
    [build([0, 1, 2], [0, 3]), /column index in row 1: 3/],
  ] as const;
  for (const [act, message] of broken) assert.throws(act, { code: "invalid-data", message });
  assert.throws(build([0, 1, 2], [0, 1], [1]), {
    code: "length-mismatch",
    message: /number of sparse values: 1; expected 2/,
  });
  assert.throws(build([0, 0, 2], [0, 2], [1, Number.NaN]), {
    code: "not-finite",
    message: /row 1, column 2: NaN/,
  });
  for (const column of [-1, 0.5, 3, Number.NaN]) {
    assert.throws(() => SparseMatrix.fromRows([[[column, 1]]], 3), {
      code: "invalid-data",
      message: new RegExp(`column index in row 0: ${column};`),
    });
  }
});

test("a dataset counts, sorts and numbers its classes", () => {
  const features = [[1], [2], [3], [4]];
  const data = Dataset.from({ features, labels: ["b", "a", "b", "B"] });
  assert.deepEqual(data.classes, ["B", "a", "b"]);
  assert.deepEqual([...data.labels], [2, 1, 2, 0]);
  assert.deepEqual(data.counts, [1, 1, 2]);
  assert.deepEqual(Dataset.from({ features, labels: [10, 9, -1, 9] }).classes, [-1, 9, 10]);
  assert.deepEqual(Dataset.from({ features, labels: [true, false, true, true] }).classes, [false, true]);
  assert.equal(data.featureNames.at(0), "x0");
  const named = Dataset.from({ features, labels: [0, 1, 0, 1], featureNames: ["age"] });
  assert.equal(named.featureNames.at(0), "age");
});

test("labels are numbered anew by other classes", () => {
  const data = Dataset.from({ features: [[1], [2], [3]], labels: ["a", "b", "a"], weights: [1, 2, 3] });
  const turned = data.withClasses(["b", "x", "a"]);
  assert.deepEqual([...turned.labels], [2, 0, 2]);
  assert.deepEqual(turned.classes, ["b", "x", "a"]);
  assert.deepEqual([turned.features, turned.weights], [data.features, data.weights]);
  assert.equal(data.withClasses(["a", "b"]), data);
  assert.throws(() => data.withClasses(["a"]), {
    code: "invalid-label",
    message: /label of row 1: "b"; expected one of "a"/,
  });
});

test("other features take the place of the first only in the same shape", () => {
  const data = Dataset.from({ features: [[1, 2]], labels: ["a"] });
  assert.deepEqual([...data.withFeatures(DenseMatrix.fromRows([[3, 4]])).features.values!], [3, 4]);
  for (const rows of [
    [[1]],
    [
      [1, 2],
      [3, 4],
    ],
  ]) {
    assert.throws(() => data.withFeatures(DenseMatrix.fromRows(rows)), { code: "length-mismatch" });
  }
});

test("parts of a dataset that are wrong are refused", () => {
  const right = { features: [[1], [2]], labels: ["a", "b"] };
  const from = (parts: object) => () => Dataset.from({ ...right, ...parts } as never);
  const cases = [
    [{ weights: [1, -1] }, "invalid-option", /weight of row 1: -1; expected a finite number in \[0, inf\)/],
    [{ weights: [Number.NaN, 1] }, "invalid-option", /weight of row 0: NaN/],
    [{ scale: Float32Array.of(0) }, "invalid-option", /scale of column 0: 0; expected.*\(0, inf\)/],
    [{ scale: new Float32Array(3) }, "length-mismatch", /length of scale: 3; expected 1/],
    [{ classes: ["a", "b", "a"] }, "invalid-label", /class in `classes`: "a"; expected each class once/],
    [{ classes: ["a"] }, "invalid-label", /label of row 1: "b"; expected one of "a"/],
    [{ labels: ["a", Number.NaN] }, "invalid-label", /label of row 1: "NaN"/],
    [{ label: 1 }, "unknown-option", /"label"/],
  ] as const;
  for (const [parts, code, message] of cases) assert.throws(from(parts), { code, message });
  assert.throws(() => listedNames(["a"]).at(1), { code: "invalid-option", message: /feature number: 1/ });
});
