/** A twice differentiable penalty of the weights; intercepts, the last numbers of a table, are free. */
export interface Penalty {
  readonly name: string;
  /** The strength of L2 of every weight; `null` where they differ, or there is none. */
  readonly strength: number | null;
  value(w: Float64Array): number;
  /** Adds the gradient at `w` to `g`. */
  gradient(w: Float64Array, g: Float64Array): void;
  /** Adds the product of the Hessian and `v` to `out`. */
  product(v: Float64Array, out: Float64Array): void;
  /** Adds the diagonal of the Hessian to `out`. */
  diagonal(out: Float64Array): void;
  /**
   * What the weights add to the duality gap: the penalty at `w`, plus its conjugate at minus the dual point's
   * correlations, plus their product. `NaN` where there is no dual bound.
   * @param frozen 1 for each parameter that does not vary, or `null`
   */
  divergence(w: Float64Array, correlations: Float64Array, frozen: Uint8Array | null): number;
  /** A lower bound of the gap by the gradient of the objective, without a dual point; `NaN` where there is none. */
  leastGap(g: Float64Array, frozen: Uint8Array | null): number;
  /**
   * Adds `value` to `out`, that of each part by itself: parameter j is of part j modulo the length of `out`. The others
   * likewise.
   */
  addValues(w: Float64Array, out: Float64Array): void;
  addDivergences(
    w: Float64Array,
    correlations: Float64Array,
    frozen: Uint8Array | null,
    out: Float64Array,
  ): void;
  addLeastGaps(g: Float64Array, frozen: Uint8Array | null, out: Float64Array): void;
  /** The strength of each column where it is half the sum of strengths w^2, all above zero; else `null` or left out. */
  readonly strengths?: Float64Array | null;
}
