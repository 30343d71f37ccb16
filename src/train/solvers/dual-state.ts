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
  /** Squared norms of the rows in that metric. */
  readonly norms: Float64Array;
  /** The dual variables, between 0 and the row's share. */
  readonly alphas: Float64Array;
  /** log(alpha / (share - alpha)) of each. */
  readonly logits: Float64Array;
  /** The weights, X' (y alpha) times the inverses, then the intercept. */
  readonly w: Float64Array;
}
