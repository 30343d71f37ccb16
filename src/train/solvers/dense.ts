import type { Monitor } from "../monitor";
import type { Outcome, Smooth, Stop } from "./solver";
import type { Look, Points } from "./trials";

/** Steps and the changes of the gradient along them, see `Kernels.quasiStep`. */
export interface Pairs {
  readonly count: number;
  readonly pairs: Float64Array;
}

/** A smooth function of few parameters, whose Hessian is at hand as a matrix: lower triangle, row after row. */
export interface DenseSmooth extends Smooth {
  /** A matrix of zeros as large as the Hessian. */
  square(): Float64Array;
  /** Room for so many numbers, which are not set. */
  room(length: number): Float64Array;
  /** Whether there are a gradient and a Hessian to six digits that take less time. */
  readonly rough: boolean;
  /** As `gradient`, to six digits. */
  roughGradient(w: Float64Array, g: Float64Array): number;
  /** What looks at points between these vectors by one call each; `null` or left out where nothing does. */
  look?(points: Points): Look | null;
  /** Of how many rows one will do for Hessians on the way from `w`; 1 where all are needed. */
  stride(w: Float64Array): number;
  /**
   * Writes the Hessian at the last point to `H`; the upper triangle is left alone.
   * @param rough whether six digits will do
   * @param stride where they do, of so many rows one stands for all
   */
  hessian(H: Float64Array, rough: boolean, stride?: number): void;
  /** Writes the Cholesky factor of diag(units) H diag(units), with `diagonal` on its diagonal, to `L`; false where a pivot is not above `floor`. */
  factor(H: Float64Array, units: Float64Array, diagonal: number, L: Float64Array, floor: number): boolean;
  /**
   * Writes the step from the gradient `g`, by the factor and the pairs since it was taken, to `p`, and returns its slope.
   */
  step(L: Float64Array, units: Float64Array, pairs: Pairs, g: Float64Array, p: Float64Array): number;
}

/** A way to minimise smooth convex functions of few parameters. */
export interface DenseSolver {
  readonly name: string;
  /**
   * Moves `w` to the minimum; the function is left at the last point.
   * @throws `cancelled`
   */
  minimise(problem: DenseSmooth, w: Float64Array, stop: Stop, pace: Monitor): Outcome;
}
