import type { Design } from "../design";

/** Where the dual solver stands; its arrays but `sides` lie in the design's arena. */
export interface DualState {
  readonly design: Design;
  /** 1 for each row of the class whose probability is modelled, -1 for each other. */
  readonly sides: Float64Array;
  /** Whether the intercept is free, so that the dual variables of both sides must sum to the same. */
  readonly free: boolean;
  /** One over the L2 strength of each column. */
  readonly inverses: Float64Array;
  /** Whether all of them are the same. */
  readonly uniform: boolean;
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
export function penaltyOf({ design, inverses, uniform, w }: DualState): number {
  const { kernels, columns } = design;
  if (columns === 0) return 0;
  if (uniform)
    return inverses[0] > 0 ? kernels.dot(columns, w.byteOffset, w.byteOffset) / inverses[0] / 2 : 0;
  let sum = 0;
  for (let j = 0; j < columns; j++) if (inverses[j] > 0) sum += (w[j] * w[j]) / inverses[j];
  return sum / 2;
}
