/**
 * A mean loss of the margins X W + b, twice differentiable. Parameters are one table: the weights of column after
 * column, then the intercepts. `gradient` sets the point; the other methods speak of the last point.
 */
export interface Loss {
  readonly name: string;
  /** Margins a row. */
  readonly outputs: number;
  /** Moves to `w`, adds the gradient there to `g`, and returns the loss. */
  gradient(w: Float64Array, g: Float64Array): number;
  /** Adds the product of the Hessian and `v` to `out`. */
  product(v: Float64Array, out: Float64Array): void;
  /** Adds the diagonal of the Hessian to `out`. */
  diagonal(out: Float64Array): void;
  /** Adds the Hessian to `out`, a square of all parameters, row after row: the lower triangle. */
  hessian(out: Float64Array): void;
  /**
   * A dual feasible point near the residuals: adds X' of it to `out`, and returns its Fenchel-Young divergence
   * from the margins, which is 0 where the residuals are themselves feasible.
   * @param balanced whether the dual variables must sum to zero for each output, as free intercepts demand
   */
  dual(out: Float64Array, balanced: boolean): number;
  /** Whether every row's own class has the greatest margin. */
  separates(): boolean;
}
