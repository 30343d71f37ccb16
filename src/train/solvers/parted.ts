import type { Ascent } from "./ascent";
import type { Factored } from "./metric";
import type { Smooth } from "./solver";

/**
 * One convex function, or the sum of some that share no parameter: parameter j is of part j modulo `parts`. Solvers take
 * all parts on in lockstep, each by scalars of its own, as if it were alone, so that a pass over the data serves all.
 */
export interface Parted extends Smooth {
  readonly parts: number;
  /** What factors the Hessian of a problem of one part; `null` where its structure does not allow that. */
  factored(): Factored | null;
  /** What factors the part of the Hessian that all outputs have in common; `null` where that does not pay. */
  shared(): Factored | null;
  /**
   * What ascends the duals of all parts from `w`, the last point, with gradient `g`; `null` where weights there are not zero or
   * that does not pay.
   */
  ascent(w: Float64Array, g: Float64Array): Ascent | null;
  /** As `diagonal`, where outputs have much of their Hessian in common the mean over them, which takes one pass for all. */
  commonDiagonal(out: Float64Array): void;
  /** Calls `work`, and leaves the room that it takes to others. */
  within<T>(work: () => T): T;
  /** A number for each part, all zero. */
  scalars(): Float64Array;
  /** Writes the value of each part at the last point. */
  values(out: Float64Array): void;
  /** Writes `gap` of each part. */
  gaps(w: Float64Array, g: Float64Array, out: Float64Array): void;
  /** Writes `leastGap` of each part. */
  leastGaps(g: Float64Array, out: Float64Array): void;
  /** Writes the scalar product of x and y for each part. */
  dots(x: Float64Array, y: Float64Array, out: Float64Array): void;
  /** Writes the sum of m x^2 for each part. */
  squares(m: Float64Array, x: Float64Array, out: Float64Array): void;
  /** y += a x, with one number of `a` a part. */
  axpys(a: Float64Array, x: Float64Array, y: Float64Array): void;
  /** d = m r + b d, with one number of `b` a part. */
  turn(b: Float64Array, m: Float64Array, r: Float64Array, d: Float64Array): void;
}
