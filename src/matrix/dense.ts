import { checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { roomFor } from "../base/room";
import { checkList } from "../base/shape";
import type { FeatureNames } from "./names";

/** A dense matrix of 32-bit floats, row after row. */
export class DenseMatrix {
  /** Tells a dense matrix from a sparse one. */
  readonly kind = "dense";

  /**
   * @param values `rows * columns` finite numbers, row after row; kept, not copied
   * @throws `length-mismatch` where the number of values is another; `not-finite` for NaN or infinity
   */
  constructor(
    /** The number of rows. */
    readonly rows: number,
    /** The number of columns. */
    readonly columns: number,
    /** The values, row after row. */
    readonly values: Float32Array,
  ) {
    checkList(values, "values of a matrix");
    if (values.length !== rows * columns) {
      fail("length-mismatch", {
        thing: "number of matrix values",
        value: values.length,
        expected: `${rows} x ${columns} = ${rows * columns}`,
      });
    }
    checkFinite(values, (i) => [Math.floor(i / columns), i % columns]);
  }

  /**
   * A matrix of the given rows.
   * @param names of the columns, for errors
   * @throws `length-mismatch` where a row is longer or shorter than the first; `not-finite` for what is no number
   */
  static fromRows(rows: readonly ArrayLike<number>[], names?: readonly string[] | FeatureNames): DenseMatrix {
    checkList(rows, "rows of a matrix");
    for (let i = 0; i < rows.length; i++) checkList(rows[i], `row ${i} of a matrix`);
    const columns = rows[0]?.length ?? 0;
    const values = roomFor(Float32Array, [rows.length, columns], "a dense matrix");
    rows.forEach((row, i) => {
      if (row.length !== columns) {
        fail("length-mismatch", {
          thing: `length of row ${i}`,
          value: row.length,
          expected: String(columns),
        });
      }
      for (let j = 0; j < columns; j++) {
        const x: unknown = row[j];
        if (typeof x !== "number" || !Number.isFinite(x)) notFinite(i, j, x, nameOf(names, j));
        values[i * columns + j] = x as number;
      }
    });
    return new DenseMatrix(rows.length, columns, values);
  }

  /** The number of stored values. */
  get nonzeros(): number {
    return this.values.length;
  }

  /** A new matrix of the given rows, in the given order. @throws `invalid-option` for a row that is not there */
  take(rows: ArrayLike<number>): DenseMatrix {
    checkRows(rows, this.rows);
    const { columns } = this;
    const values = roomFor(Float32Array, [rows.length, columns], "a dense matrix");
    for (let k = 0; k < rows.length; k++) {
      values.set(this.values.subarray(rows[k] * columns, (rows[k] + 1) * columns), k * columns);
    }
    return new DenseMatrix(rows.length, columns, values);
  }
}

/** Throws `not-finite` naming row and column of the first NaN or infinity. */
export function checkFinite(values: Float32Array, place: (index: number) => readonly [number, number]): void {
  // The difference of a number and itself is 0 unless it is NaN or infinite; sums side by side, since each waits for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= values.length; i += 4) {
    a += values[i] - values[i];
    b += values[i + 1] - values[i + 1];
    c += values[i + 2] - values[i + 2];
    d += values[i + 3] - values[i + 3];
  }
  if (a + b + c + d !== 0) i = 0;
  while (i < values.length && values[i] - values[i] === 0) i++;
  if (i < values.length) notFinite(...place(i), values[i]);
}

/** Throws `invalid-option` unless each of `rows` is the number of one of `count` rows. */
export function checkRows(rows: ArrayLike<number>, count: number): void {
  checkList(rows, "rows to take");
  for (let k = 0; k < rows.length; k++) {
    checkNumber(rows[k], "row to take", { min: 0, below: count, integer: true });
  }
}

function nameOf(names: readonly string[] | FeatureNames | undefined, column: number): string | undefined {
  if (names === undefined || column >= names.length) return undefined;
  return Array.isArray(names) ? names[column] : (names as FeatureNames).at(column);
}

function notFinite(row: number, column: number, value: unknown, name?: string): never {
  const named = name === undefined ? "" : ` (${JSON.stringify(name)})`;
  return fail("not-finite", {
    thing: `feature at row ${row}, column ${column}${named}`,
    value: value === undefined ? "missing" : value,
    expected: "a finite number within the range of 32-bit floats",
    remedy:
      typeof value === "string"
        ? "Number(text) makes one of text; TableEncoder makes features of words and categories."
        : "Impute or drop missing values before the fit.",
  });
}
