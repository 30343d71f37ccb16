import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";
import type { CompositePenalty } from "../penalties/composite";
import type { LiveSet } from "./live-set";

/** A loss and a penalty without need of smoothness, over the parameters of one design. */
export interface Composite {
  readonly design: Design;
  readonly loss: CurvedLoss;
  readonly penalty: CompositePenalty;
  /** Whether the intercepts vary. */
  readonly freeIntercepts: boolean;
}

/** Blocks for a working set. */
export interface Choice {
  readonly blocks: Uint32Array;
  /** Those that it must not lack. */
  readonly needed: Uint32Array;
  /** Whether no block beyond them is likely to be needed. */
  readonly whole: boolean;
  /** Whether blocks that violate optimality had no room among them. */
  readonly full: boolean;
}

/** What a look at all columns tells. */
export interface Look {
  readonly value: number;
  readonly gap: number;
  readonly violation: number;
  readonly stirred: Uint32Array;
  /** Whether blocks that are nearly stirred are among them. */
  readonly near: boolean;
  /** The violation of each stirred block. */
  readonly excess: Float64Array;
}

/**
 * The duality gap at `w` by the dual point that the model of a working set tells of at its minimum, which by the model's own optimality
 * needs next to no scaling: it falls with the square of what is missing, that of the residuals scaled with what is missing itself.
 */
export function gapAhead(
  { loss, penalty, freeIntercepts, design }: Composite,
  w: Float64Array,
  live: LiveSet,
): number {
  const mark = design.arena.mark();
  const residuals = design.arena.scratch(design.rows);
  live.ahead(residuals);
  const point = loss.dualPointOf!(residuals, freeIntercepts);
  const slopes = design.arena.floats(design.columns + 1);
  loss.correlateWith!(point, slopes);
  const all = penalty.stirred(w, slopes, 0);
  let gap = Number.POSITIVE_INFINITY;
  for (const factor of penalty.factors(slopes, all)) {
    const bound = penalty.divergence(w, slopes, factor, all) + loss.divergenceTo!(point, factor);
    if (bound < gap) gap = bound;
  }
  design.arena.rewind(mark);
  return gap;
}
