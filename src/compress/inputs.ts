import { checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkList } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { Dataset as Data } from "../matrix/dataset";
import { DenseMatrix } from "../matrix/dense";
import { SparseMatrix } from "../matrix/sparse";
import { type PoolOptions, parsePooling, Squares } from "../matrix/squares";

/**
 * Pictures with each square of pixels replaced by its mean: a fourth of the columns for squares of 2, and of the operations of a
 * prediction. Pixels beyond the last whole square make smaller ones.
 * @throws `unknown-option`, `invalid-option` where the columns are not whole lines
 */
export function pool(data: Dataset, options: PoolOptions): Dataset {
  checkDataset(data);
  const squares = new Squares(data.columns, parsePooling(options, data.columns));
  const columns = squares.count;
  const sizes = Float64Array.from({ length: columns }, (_, square) => squares.size(square));
  const places = Uint32Array.from({ length: data.columns }, (_, j) => squares.of(j));
  const values = new Float32Array(data.rows * columns);
  eachValue(data, (i, j, x) => {
    values[i * columns + places[j]] += x / sizes[places[j]];
  });
  return derived(data, new DenseMatrix(data.rows, columns, values));
}

/**
 * Hashed features folded to fewer columns: column j becomes column j mod `columns`, the values of those that meet are added.
 * This is what the encoder would have given with as many fewer bits.
 * @throws `invalid-option` unless `columns` divides the number of columns
 */
export function foldColumns(data: Dataset, columns: number): Dataset {
  checkDataset(data);
  checkNumber(columns, "columns", { min: 1, max: data.columns, integer: true });
  if (data.columns % columns !== 0) {
    fail("invalid-option", { thing: "columns", value: columns, expected: `a divisor of ${data.columns}` });
  }
  const rows = Array.from({ length: data.rows }, () => new Map<number, number>());
  eachValue(data, (i, j, x) => {
    rows[i].set(j % columns, (rows[i].get(j % columns) ?? 0) + x);
  });
  return derived(
    data,
    SparseMatrix.fromRows(
      rows.map((row) => [...row].sort(([a], [b]) => a - b)),
      columns,
    ),
  );
}

/** The same rows with the columns that are not `kept` empty, which costs a file nothing. @throws `invalid-option` */
export function dropFeatures(data: Dataset, dropped: ArrayLike<number>): Dataset {
  checkDataset(data);
  checkList(dropped, "features to drop");
  const gone = new Uint8Array(data.columns);
  for (const j of Array.from(dropped)) {
    gone[checkNumber(j, "feature to drop", { min: 0, below: data.columns, integer: true })] = 1;
  }
  const rows: [number, number][][] = Array.from({ length: data.rows }, () => []);
  eachValue(data, (i, j, x) => {
    if (gone[j] === 0) rows[i].push([j, x]);
  });
  return data.withFeatures(SparseMatrix.fromRows(rows, data.columns));
}

function derived({ labels, classes, weights }: Dataset, features: DenseMatrix | SparseMatrix): Dataset {
  return Data.from({
    features,
    labels: Array.from(labels, (k) => classes[k]),
    classes,
    ...(weights === null ? {} : { weights }),
  });
}

function eachValue({ features }: Dataset, visit: (row: number, column: number, x: number) => void): void {
  if (features.kind === "dense") {
    features.values.forEach((x, at) => {
      if (x !== 0) visit(Math.floor(at / features.columns), at % features.columns, x);
    });
    return;
  }
  for (let i = 0; i < features.rows; i++) {
    for (let e = features.pointers[i]; e < features.pointers[i + 1]; e++) {
      visit(i, features.indices[e], features.values === null ? 1 : features.values[e]);
    }
  }
}
