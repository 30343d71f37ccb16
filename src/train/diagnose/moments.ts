import type { Dataset } from "../../matrix/dataset";
import type { Matrix } from "../../matrix/sparse";

/** What one pass, or two, tell of each column over the rows of positive weight. */
export interface Moments {
  /** The sum of the weights. */
  readonly total: number;
  readonly means: Float64Array;
  /** Standard deviations, each row by its weight. */
  readonly deviations: Float64Array;
  /** Whether all values are the same. */
  readonly constant: Uint8Array;
  /** The value of a constant column. */
  readonly first: Float64Array;
}

/** Calls `visit` for each stored value of the rows of positive weight. */
export function eachStored(data: Dataset, visit: (row: number, column: number, value: number) => void): void {
  const { features, weights, rows } = data;
  for (let i = 0; i < rows; i++) {
    if (weights !== null && !(weights[i] > 0)) continue;
    const [from, to] = rangeOf(features, i);
    for (let k = from; k < to; k++) {
      const column = features.kind === "dense" ? k - from : features.indices[k];
      visit(i, column, features.values === null ? 1 : features.values[k]);
    }
  }
}

/** Where a row's stored values lie. */
export function rangeOf(features: Matrix, row: number): [number, number] {
  if (features.kind === "dense") return [row * features.columns, (row + 1) * features.columns];
  return [features.pointers[row], features.pointers[row + 1]];
}

/** Means, deviations and what is constant: two passes over the stored values, so that great means cost no digits. */
export function momentsOf(data: Dataset): Moments {
  const { columns, weights } = data;
  const means = new Float64Array(columns);
  const stored = new Float64Array(columns);
  const lowest = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  const counts = new Uint32Array(columns);
  const weight = (i: number) => (weights === null ? 1 : weights[i]);
  let total = 0;
  let present = 0;
  for (let i = 0; i < data.rows; i++) {
    total += weight(i);
    if (weight(i) > 0) present++;
  }
  eachStored(data, (i, j, x) => {
    means[j] += weight(i) * x;
    stored[j] += weight(i);
    counts[j]++;
    if (x < lowest[j]) lowest[j] = x;
    if (x > highest[j]) highest[j] = x;
  });
  const constant = new Uint8Array(columns);
  const squares = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    means[j] /= total;
    if (counts[j] < present) {
      lowest[j] = Math.min(lowest[j], 0);
      highest[j] = Math.max(highest[j], 0);
    }
    constant[j] = Number(lowest[j] === highest[j]);
    squares[j] = (total - stored[j]) * means[j] * means[j];
  }
  eachStored(data, (i, j, x) => {
    squares[j] += weight(i) * (x - means[j]) ** 2;
  });
  const deviations = squares.map((square, j) => (constant[j] === 1 ? 0 : Math.sqrt(square / total)));
  return { total, means, deviations, constant, first: lowest };
}
