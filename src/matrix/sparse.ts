import { checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { roomFor } from "../base/room";
import { checkList } from "../base/shape";
import { checkFinite, checkRows, DenseMatrix } from "./dense";

/**
 * A sparse matrix in compressed rows (CSR): row `i` holds the columns `indices[pointers[i] .. pointers[i + 1]]`,
 * ascending and distinct, and their `values`; without `values` each is one (one-hot and binary matrices).
 */
export class SparseMatrix {
  /** Tells a sparse matrix, by compressed rows, from a dense one. */
  readonly kind = "csr";

  /**
   * @param pointers `rows + 1` ascending offsets, the first 0, the last the number of nonzeros
   * @param indices column of each nonzero, ascending within a row
   * @param values value of each nonzero, or `null` for ones; the arrays are kept, not copied
   * @throws `invalid-data` where the structure is broken; `not-finite` for NaN or infinity
   */
  constructor(
    /** The number of rows. */
    readonly rows: number,
    /** The number of columns. */
    readonly columns: number,
    /** `rows + 1` offsets: the values of row i lie from `pointers[i]` to before `pointers[i + 1]`. */
    readonly pointers: Uint32Array,
    /** The column of each value, ascending within a row. */
    readonly indices: Uint32Array,
    /** The values, or `null` where all are one. */
    readonly values: Float32Array | null,
  ) {
    checkList(pointers, "pointers of a matrix");
    checkList(indices, "indices of a matrix");
    if (values !== null) checkList(values, "values of a matrix");
    checkStructure(rows, columns, pointers, indices, values);
    if (values !== null) checkFinite(values, (k) => [rowOf(pointers, k), indices[k]]);
  }

  /**
   * A sparse matrix of one map from column to value a row; columns need not be sorted.
   * @throws `invalid-data` for a column that is no whole number below `columns`, or comes twice in a row
   */
  static fromRows(rows: readonly Iterable<readonly [number, number]>[], columns: number): SparseMatrix {
    checkList(rows, "rows of a matrix");
    checkNumber(columns, "columns", { min: 0, integer: true });
    for (let i = 0; i < rows.length; i++) {
      if (typeof rows[i]?.[Symbol.iterator] === "function") continue;
      fail("invalid-data", {
        thing: `row ${i} of a matrix`,
        value: rows[i] ?? "nothing",
        expected: "a list of [column, value]",
      });
    }
    const sorted = rows.map((row) => [...row].sort((a, b) => a[0] - b[0]));
    const pointers = new Uint32Array(rows.length + 1);
    sorted.forEach((row, i) => {
      for (const [column] of row)
        if (!Number.isInteger(column) || column < 0) wrongColumn(i, column, columns);
      pointers[i + 1] = pointers[i] + row.length;
    });
    const indices = new Uint32Array(pointers[rows.length]);
    const values = new Float32Array(pointers[rows.length]);
    sorted.flat().forEach(([column, value], k) => {
      indices[k] = column;
      values[k] = value;
    });
    return new SparseMatrix(rows.length, columns, pointers, indices, values);
  }

  /** The number of stored values. */
  get nonzeros(): number {
    return this.indices.length;
  }

  /** A new matrix of the given rows, in the given order. @throws `invalid-option` for a row that is not there */
  take(rows: ArrayLike<number>): SparseMatrix {
    checkRows(rows, this.rows);
    const pointers = new Uint32Array(rows.length + 1);
    for (let k = 0; k < rows.length; k++) {
      pointers[k + 1] = pointers[k] + this.pointers[rows[k] + 1] - this.pointers[rows[k]];
    }
    const indices = new Uint32Array(pointers[rows.length]);
    const values = this.values === null ? null : new Float32Array(indices.length);
    for (let k = 0; k < rows.length; k++) {
      const from = this.pointers[rows[k]];
      const to = this.pointers[rows[k] + 1];
      indices.set(this.indices.subarray(from, to), pointers[k]);
      values?.set(this.values!.subarray(from, to), pointers[k]);
    }
    return new SparseMatrix(rows.length, this.columns, pointers, indices, values);
  }

  /** The same numbers as a dense matrix. @throws `invalid-data` where memory does not hold it */
  toDense(): DenseMatrix {
    const values = roomFor(Float32Array, [this.rows, this.columns], "a dense matrix");
    for (let i = 0; i < this.rows; i++) {
      for (let k = this.pointers[i]; k < this.pointers[i + 1]; k++) {
        values[i * this.columns + this.indices[k]] = this.values === null ? 1 : this.values[k];
      }
    }
    return new DenseMatrix(this.rows, this.columns, values);
  }
}

/** What models are fitted to and predict from: rows are observations, columns are features. */
export type Matrix = DenseMatrix | SparseMatrix;

function checkStructure(
  rows: number,
  columns: number,
  pointers: Uint32Array,
  indices: Uint32Array,
  values: Float32Array | null,
): void {
  if (pointers.length !== rows + 1 || pointers[0] !== 0 || pointers[rows] !== indices.length) {
    fail("invalid-data", {
      thing: "row pointers of a sparse matrix",
      value: pointers,
      expected: `${rows + 1} offsets from 0 to the number of nonzeros, ${indices.length}`,
    });
  }
  if (values !== null && values.length !== indices.length) {
    fail("length-mismatch", {
      thing: "number of sparse values",
      value: values.length,
      expected: `${indices.length}, one for each index`,
    });
  }
  for (let i = 0; i < rows; i++) {
    if (pointers[i + 1] < pointers[i]) {
      fail("invalid-data", {
        thing: `row pointer ${i + 1}`,
        value: pointers[i + 1],
        expected: "ascending offsets",
      });
    }
    for (let k = pointers[i]; k < pointers[i + 1]; k++) {
      if (indices[k] < columns && (k === pointers[i] || indices[k] > indices[k - 1])) continue;
      wrongColumn(i, indices[k], columns);
    }
  }
}

function wrongColumn(row: number, column: number, columns: number): never {
  return fail("invalid-data", {
    thing: `column index in row ${row}`,
    value: column,
    expected: `ascending distinct columns below ${columns}`,
  });
}

/**
 * Throws `not-finite` for features that were changed to NaN or infinity after the matrix was made: it keeps the arrays that it
 * is given, and checks them once.
 */
export function checkStillFinite(features: Matrix): void {
  if (features.values === null) return;
  checkFinite(
    features.values,
    features.kind === "dense"
      ? (k) => [Math.floor(k / features.columns), k % features.columns]
      : (k) => [rowOf(features.pointers, k), features.indices[k]],
  );
}

function rowOf(pointers: Uint32Array, k: number): number {
  return pointers.findIndex((p) => p > k) - 1;
}
