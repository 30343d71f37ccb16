import type { Design } from "../design";
import type { Loss } from "./loss";

/**
 * The Hessian of a loss by its margins at the last point: one number a row, or for each row of shares s and probabilities p
 * the block s (diag(p) - p p').
 */
export type Curvature =
  | { readonly kind: "rows"; readonly residuals: Float64Array; readonly curvatures: Float64Array }
  | { readonly kind: "classes"; readonly shares: Float64Array; readonly probabilities: Float64Array };

/** A loss whose Hessian by the margins is at hand, and which can be had on some of the columns alone. */
export interface CurvedLoss extends Loss {
  /** The loss on other columns of the same rows. Both share one point: what moves the one moves the other. */
  within(design: Design): CurvedLoss;
  curvature(): Curvature;
  /** The loss on other rows, with a point of its own. Only losses of one output have it. */
  elsewhere?(design: Design): CurvedLoss;
  /** Takes what is summed over the rows from the loss of rows merged, whose point these rows have now. Only losses of one output have it. */
  follow?(merged: CurvedLoss): void;
  /**
   * Chooses the dual point as `correlate` does, without its pass: the residuals, and what those below and above zero are to be
   * multiplied by. Only losses of one output have it.
   */
  dualPoint?(balanced: boolean): DualPoint;
  /** The same of other residuals. */
  dualPointOf?(residuals: Float64Array, balanced: boolean): DualPoint;
  /** Adds X' of a dual point to `out`. Only losses of one output have it. */
  correlateWith?(point: DualPoint, out: Float64Array): void;
  /** A bound of the divergence from the margins of the last point to `factor` times a dual point; infinite where that is none. */
  divergenceTo?(point: DualPoint, factor: number): number;
}

/** A dual point by its rows' residuals and a factor for each of their signs. */
export interface DualPoint {
  readonly residuals: Float64Array;
  readonly factors: readonly [number, number];
}
