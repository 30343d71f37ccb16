/** A twice differentiable penalty of the weights; intercepts, the last numbers of a table, are free. */
export interface Penalty {
  readonly name: string;
  value(w: Float64Array): number;
  /** Adds the gradient at `w` to `g`. */
  gradient(w: Float64Array, g: Float64Array): void;
  /** Adds the product of the Hessian and `v` to `out`. */
  product(v: Float64Array, out: Float64Array): void;
  /** Adds the diagonal of the Hessian to `out`. */
  diagonal(out: Float64Array): void;
  /**
   * The penalty at `w` plus its conjugate at minus the dual's correlations plus their product: what the weights add
   * to the duality gap, given `sum`, the penalty's gradient plus the correlations. `NaN` where there is no dual bound.
   * @param frozen 1 for each parameter that does not vary, or `null`
   */
  divergence(sum: Float64Array, frozen: Uint8Array | null): number;
}
