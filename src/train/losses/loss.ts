import type { Ascent } from "../solvers/ascent";
import type { Look, Points } from "../solvers/trials";

/**
 * A mean loss of the margins X W + b, twice differentiable. Parameters are one table: the weights of column after
 * column, then the intercepts. `gradient` sets the point; the other methods speak of the last point.
 */
export interface Loss {
  readonly name: string;
  /** Margins a row. */
  readonly outputs: number;
  /** Where outputs share neither parameter nor row's loss, the loss of each by itself; else left out. */
  readonly separate?: SeparateLosses;
  /** Moves to `w`, adds the gradient there to `g`, and returns the loss. */
  gradient(w: Float64Array, g: Float64Array): number;
  /** As {@link gradient}, to six digits and in less time; left out where there is no quicker way. */
  roughGradient?(w: Float64Array, g: Float64Array): number;
  /**
   * What looks at points of the loss plus half the sum of strengths w^2 by one call each; `null` or left out where nothing does.
   * @param strengths lays out the strength of each column and tells where
   */
  look?(points: Points, strengths: () => number): Look | null;
  /** Adds the product of the Hessian and `v` to `out`. */
  product(v: Float64Array, out: Float64Array): void;
  /** Adds the diagonal of the Hessian to `out`. */
  diagonal(out: Float64Array): void;
  /** Of many outputs: writes the mean of each row's curvatures by its margins to `out`. */
  meanCurvatures?(out: Float64Array): void;
  /** Adds the Hessian to `out`, a square of all parameters, row after row: the lower triangle. */
  hessian(out: Float64Array): void;
  /**
   * As {@link hessian}, to six digits and in less time; left out where there is no quicker way.
   * @param stride of so many rows one stands for all
   */
  roughHessian?(out: Float64Array, stride: number): void;
  /** Takes the room that {@link hessian} needs; else it does so when first called. */
  reserve(): void;
  /**
   * Chooses a dual feasible point near the residuals, and adds X' of it to `out`.
   * @param balanced whether the dual variables must sum to zero for each output, as free intercepts demand
   */
  correlate(out: Float64Array, balanced: boolean): void;
  /**
   * The Fenchel-Young divergence from the margins of the point last chosen, times `factor`; 0 where that is the
   * residuals themselves.
   * @param factor from 0 to 1
   * @param enough where it is known by less work on which side of it the divergence is, an upper bound there will do; left out,
   * the divergence itself is told
   */
  divergence(factor: number, enough?: number): number;
  /** Whether every row's own class has the greatest margin. */
  separates(): boolean;
}

/** A loss that is a sum of one loss for each output. */
export interface SeparateLosses {
  /**
   * What ascends the duals with an L2 penalty of one strength, from the last point, whose weights are zero; `null` where that would
   * take many passes.
   * @param w the last point
   * @param g the gradient there
   */
  ascent(w: Float64Array, g: Float64Array, strength: number): Ascent | null;
  /** The loss of each output at the last point. */
  readonly values: Float64Array;
  /** Adds the divergence of each output from the margins of the dual point last chosen, see `Loss.divergence`. */
  addDivergences(out: Float64Array): void;
}
