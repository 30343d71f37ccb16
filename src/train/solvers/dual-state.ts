import type { Design } from "../design";

/** Where the dual solver stands; its arrays but `sides` lie in the design's arena. */
export interface DualState {
  readonly design: Design;
  /** The number of the class whose probability is modelled. */
  readonly positive: number;
  /** 1 for each row of that class, -1 for each other. */
  readonly sides: Float64Array;
  /** Whether the intercept is free, so that the dual variables of both sides must sum to the same. */
  readonly free: boolean;
  /** One over the L2 strength of each column; `null` where all are `inverse`. */
  readonly inverses: Float64Array | null;
  readonly inverse: number;
  /** Squared norms of the rows in that metric. */
  readonly norms: Float64Array;
  /** The dual variables, between 0 and the row's share. */
  readonly alphas: Float64Array;
  /** log(alpha / (share - alpha)) of each. */
  readonly logits: Float64Array;
  /** The weights, X' (y alpha) times the inverses, then the intercept. */
  readonly w: Float64Array;
}

/** The penalty at the weights of a state. */
export function penaltyOf({ design, inverses, inverse, w }: DualState): number {
  const { kernels, columns } = design;
  if (inverses === null) {
    return inverse > 0 ? kernels.dot(columns, w.byteOffset, w.byteOffset) / inverse / 2 : 0;
  }
  let sum = 0;
  for (let j = 0; j < columns; j++) if (inverses[j] > 0) sum += (w[j] * w[j]) / inverses[j];
  return sum / 2;
}

/** Sets the weights to a multiple of `point` times the inverse strengths. */
export function setWeights(
  { design, inverses, inverse, w }: DualState,
  factor: number,
  point: Float64Array,
): void {
  const { kernels, columns } = design;
  if (inverses === null) {
    w.fill(0, 0, columns);
    kernels.axpy(columns, factor * inverse, point.byteOffset, w.byteOffset);
  } else for (let j = 0; j < columns; j++) w[j] = factor * (point[j] * inverses[j]);
}

/** The sum of the squares of `point`, each times its inverse strength. */
export function energyOf({ design, inverses, inverse }: DualState, point: Float64Array): number {
  const { kernels, columns } = design;
  if (inverses === null) return kernels.dot(columns, point.byteOffset, point.byteOffset) * inverse;
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += point[j] * point[j] * inverses[j];
  return sum;
}
