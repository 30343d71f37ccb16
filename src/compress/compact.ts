import type { Dataset } from "../matrix/dataset";
import { SparseMatrix } from "../matrix/sparse";

/** Data without the columns that have no value anywhere, in compressed rows. */
export interface CompactData {
  readonly features: SparseMatrix;
  /** The given number of each column, ascending. */
  readonly columns: Uint32Array;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
}

/** How many values are other than zero, which are all that a search reads. */
export function countStored({ features }: Dataset): number {
  const { values } = features;
  if (values === null) return features.nonzeros;
  return values.reduce((count: number, x: number) => count + Number(x !== 0), 0);
}

/** @param wanted 1 for each column that may be used, or `null` for all */
export function compactOf({ features, scale }: Dataset, wanted: Uint8Array | null): CompactData {
  const { rows } = features;
  if (features.kind !== "dense" && wanted === null && features.values?.includes(0) !== true) {
    return renumbered(features, scale);
  }
  const stored = (i: number, visit: (j: number, x: number) => void) => {
    if (features.kind === "dense") {
      for (let j = 0; j < features.columns; j++) {
        const x = features.values[i * features.columns + j];
        if (x !== 0) visit(j, x);
      }
      return;
    }
    for (let e = features.pointers[i]; e < features.pointers[i + 1]; e++) {
      const x = features.values === null ? 1 : features.values[e];
      if (x !== 0) visit(features.indices[e], x);
    }
  };
  const places = new Int32Array(features.columns).fill(-1);
  for (let i = 0; i < rows; i++) {
    stored(i, (j) => {
      if (wanted === null || wanted[j] === 1) places[j] = 0;
    });
  }
  const columns = Uint32Array.from(places.keys()).filter((j) => places[j] === 0);
  columns.forEach((j, at) => {
    places[j] = at;
  });
  const pointers = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    let count = 0;
    stored(i, (j) => {
      if (places[j] >= 0) count++;
    });
    pointers[i + 1] = pointers[i] + count;
  }
  const indices = new Uint32Array(pointers[rows]);
  const values = new Float32Array(pointers[rows]);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    stored(i, (j, x) => {
      if (places[j] < 0) return;
      indices[at] = places[j];
      values[at++] = x;
    });
  }
  return {
    features: new SparseMatrix(
      rows,
      columns.length,
      pointers,
      indices,
      values.every((x) => x === 1) ? null : values,
    ),
    columns,
    scale: scale === null ? null : Float32Array.from(columns, (j) => scale[j]),
  };
}

/** Rows that hold no zero stay as they are, but for the numbers of their columns. */
function renumbered(
  { rows, columns: width, pointers, indices, values }: SparseMatrix,
  scale: Float32Array | null,
): CompactData {
  const places = new Int32Array(width).fill(-1);
  for (let e = 0; e < indices.length; e++) places[indices[e]] = 0;
  const columns = Uint32Array.from(places.keys()).filter((j) => places[j] === 0);
  for (let at = 0; at < columns.length; at++) places[columns[at]] = at;
  const numbers = new Uint32Array(indices.length);
  for (let e = 0; e < indices.length; e++) numbers[e] = places[indices[e]];
  const ones = values === null || values.every((x) => x === 1);
  return {
    features: new SparseMatrix(rows, columns.length, pointers, numbers, ones ? null : values),
    columns,
    scale: scale === null ? null : Float32Array.from(columns, (j) => scale[j]),
  };
}
