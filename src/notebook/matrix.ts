import type { MimeBundle } from "../base/display";
import { bytes, counted, grouped, percent } from "../chart/format";
import { type NumberFormat, numberFormat } from "./column";
import { gridBundle } from "./grid";
import { areNumbers, factsOf, factsText } from "./numbers";
import { type TableView, tableHtml, tableText } from "./table";

interface DenseLike {
  readonly kind: "dense";
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

interface ScoresLike {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

interface SparseLike {
  readonly kind: "csr";
  readonly rows: number;
  readonly columns: number;
  readonly pointers: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array | null;
}

/** True for a `DenseMatrix`, told by its shape. */
export function isDense(value: object): value is DenseLike {
  return (
    "kind" in value && value.kind === "dense" && "values" in value && value.values instanceof Float32Array
  );
}

/** True for what `predictProba` and `margins` return, told by its shape. */
export function isScores(value: object): value is ScoresLike {
  if (!("values" in value && value.values instanceof Float64Array) || Object.keys(value).length !== 3)
    return false;
  const { rows, columns, values } = value as ScoresLike;
  return Number.isInteger(rows) && Number.isInteger(columns) && values.length === rows * columns;
}

/** True for a `SparseMatrix`, told by its shape. */
export function isSparse(value: object): value is SparseLike {
  return (
    "kind" in value && value.kind === "csr" && "indices" in value && value.indices instanceof Uint32Array
  );
}

/** Shape, range and corners of a dense matrix. */
export function denseBundle({ rows, columns, values }: DenseLike): MimeBundle {
  return matrixBundle(
    "DenseMatrix",
    rows,
    columns,
    (i, j) => values[i * columns + j],
    values,
    values.byteLength,
  );
}

/** Rows and columns of scores, probabilities with six decimals. */
export function scoresBundle({ rows, columns, values }: ScoresLike): MimeBundle {
  const shares = values.every((value) => value >= 0 && value <= 1);
  const at = (i: number, j: number) => values[i * columns + j];
  return matrixBundle(
    "Table",
    rows,
    columns,
    at,
    values,
    values.byteLength,
    shares ? sixDecimals : numberFormat,
  );
}

function sixDecimals(): (value: number) => string {
  return (value) => value.toFixed(6);
}

/** True for rows of numbers, all of one length, that are too many to read as a list. */
export function isNested(value: readonly unknown[]): value is readonly (readonly number[])[] {
  const [first] = value;
  if (!Array.isArray(first) || value.length < 2 || first.length < 2) return false;
  if (value.length * first.length < 36 || value.length * first.length > 20_000_000) return false;
  for (let i = 0; i < value.length; i++) {
    const row = value[i];
    if (!Array.isArray(row) || row.length !== first.length || !areNumbers(row)) return false;
  }
  return true;
}

/** Shape, range and corners of rows of numbers. */
export function nestedBundle(value: readonly (readonly number[])[]): MimeBundle {
  const columns = value[0].length;
  const length = value.length * columns;
  const flat = new Float64Array(length);
  value.forEach((row, i) => {
    flat.set(row, i * columns);
  });
  return matrixBundle("number[][]", value.length, columns, (i, j) => value[i][j], flat);
}

/** Shape, density, range and the first rows of a sparse matrix. */
export function sparseBundle(matrix: SparseLike): MimeBundle {
  const { rows, columns, pointers, indices, values } = matrix;
  const nonzeros = indices.length;
  const shape = `SparseMatrix: ${grouped(rows)} x ${grouped(columns)}`;
  const size = bytes(pointers.byteLength + indices.byteLength + (values?.byteLength ?? 0));
  const stored = [
    `${counted(nonzeros, "nonzero")} (${percent(nonzeros / (rows * columns))})`,
    ...(rows > 0 ? [`${Number((nonzeros / rows).toPrecision(3))} a row`] : []),
    values === null ? "all 1" : nonzeros > 0 ? factsText(factsOf(values)) : "",
    size,
  ];
  const view: TableView = {
    title: shape,
    columns: ["row", "nonzeros", "column: value"],
    words: [2],
    named: true,
    rows: Array.from({ length: Math.min(rows, 5) }, (_, i) => sparseRow(matrix, i)),
    note: stored.filter((part) => part !== "").join("; "),
  };
  return { "text/html": tableHtml(view), "text/plain": tableText(view) };
}

function sparseRow({ pointers, indices, values }: SparseLike, row: number): string[] {
  const from = pointers[row];
  const count = pointers[row + 1] - from;
  const few = Math.min(count, 4);
  const shown = Array.from({ length: few }, (_, k) => values?.[from + k] ?? 1);
  const number = numberFormat(shown);
  const pairs = shown.map((value, k) => `${indices[from + k]}: ${number(value)}`);
  return [String(row), grouped(count), [...pairs, ...(count > few ? ["…"] : [])].join(", ")];
}

function matrixBundle(
  name: string,
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
  values: ArrayLike<number>,
  byteLength?: number,
  format: NumberFormat = numberFormat,
): MimeBundle {
  const facts = values.length === 0 ? [] : [factsText(factsOf(values))];
  return gridBundle({
    title: `${name}: ${grouped(rows)} x ${grouped(columns)}`,
    rows,
    columns,
    at,
    rowName: (row) => row,
    columnName: String,
    format,
    note: [...facts, ...(byteLength === undefined ? [] : [bytes(byteLength)])].join("; "),
  });
}
