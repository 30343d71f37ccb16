import type { Monitor } from "../monitor";
import type { Outcome, Smooth, Stop } from "./solver";

/** A smooth function of few parameters, whose Hessian is at hand as a matrix: lower triangle, row after row. */
export interface DenseSmooth extends Smooth {
  /** A matrix of zeros as large as the Hessian. */
  square(): Float64Array;
  /** Whether there is a Hessian to six digits that takes less time. */
  readonly rough: boolean;
  /**
   * Writes the Hessian at the last point to `H`; the upper triangle is left alone.
   * @param rough whether six digits will do
   */
  hessian(H: Float64Array, rough: boolean): void;
  /** Replaces A by its Cholesky factor; false where a pivot is not above `floor`, and A is spoilt then. */
  factor(A: Float64Array, floor: number): boolean;
  /** Replaces x by (L L')^-1 x. */
  solve(L: Float64Array, x: Float64Array): void;
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
