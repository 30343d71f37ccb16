/** A convex function with what a second-order solver needs of it. `gradient` sets the point of the others. */
export interface Smooth {
  /** A vector of zeros that the function can take. */
  vector(): Float64Array;
  /** Moves to `w`, writes the gradient there to `g`, and returns the value. */
  gradient(w: Float64Array, g: Float64Array): number;
  /** Writes the product of the Hessian and `v` to `out`. */
  product(v: Float64Array, out: Float64Array): void;
  /** Writes the diagonal of the Hessian to `out`; all above zero. */
  diagonal(out: Float64Array): void;
  /**
   * The value less a proven lower bound, at `w` with gradient `g`; `NaN` where none is known.
   * @param enough where it is known by less work on which side of it the gap is, another bound will do
   */
  gap(w: Float64Array, g: Float64Array, enough?: number): number;
  /** A lower bound of `gap`, for little work. */
  leastGap(g: Float64Array): number;
  dot(x: Float64Array, y: Float64Array): number;
  /** y += a x */
  axpy(a: number, x: Float64Array, y: Float64Array): void;
}

/** When a solver ends. */
export interface Stop {
  /** The gap relative to the value; where there is no gap, the gradient's norm relative to that at the start. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** One iteration, as history keeps it. */
export interface Step {
  readonly iteration: number;
  readonly objective: number;
  readonly gradientNorm: number;
  readonly seconds: number;
}

/** Where a solver ended. */
export interface Outcome {
  readonly converged: boolean;
  readonly objective: number;
  readonly gap: number;
  /** The norm of the gradient relative to that at the start. */
  readonly gradientNorm: number;
  readonly history: readonly Step[];
  readonly seconds: number;
}
