import { roomFor } from "../base/room";
import { DenseMatrix } from "./dense";
import { type Matrix, SparseMatrix } from "./sparse";

/** The given columns of a matrix, ascending, as a matrix of its own. */
export function selectColumns(features: Matrix, columns: Uint32Array): Matrix {
  return features.kind === "dense" ? selectDense(features, columns) : selectSparse(features, columns);
}

function selectDense(features: DenseMatrix, columns: Uint32Array): DenseMatrix {
  const values = roomFor(Float32Array, [features.rows, columns.length], "a dense matrix");
  for (let i = 0; i < features.rows; i++) {
    for (let c = 0; c < columns.length; c++) {
      values[i * columns.length + c] = features.values[i * features.columns + columns[c]];
    }
  }
  return new DenseMatrix(features.rows, columns.length, values);
}

function selectSparse(features: SparseMatrix, columns: Uint32Array): SparseMatrix {
  const { rows, pointers, indices, values } = features;
  const place = new Int32Array(features.columns).fill(-1);
  columns.forEach((j, c) => {
    place[j] = c;
  });
  const kept = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    let count = 0;
    for (let k = pointers[i]; k < pointers[i + 1]; k++) if (place[indices[k]] >= 0) count++;
    kept[i + 1] = kept[i] + count;
  }
  const chosen = new Uint32Array(kept[rows]);
  const numbers = values === null ? null : new Float32Array(kept[rows]);
  let at = 0;
  for (let k = 0; k < indices.length; k++) {
    const column = place[indices[k]];
    if (column < 0) continue;
    chosen[at] = column;
    if (numbers !== null) numbers[at] = values![k];
    at++;
  }
  return new SparseMatrix(rows, columns.length, kept, chosen, numbers);
}
