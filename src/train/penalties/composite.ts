import type { Arena } from "../../simd/memory";

/**
 * A convex penalty that is a sum over blocks of parameters, smooth or not, with its proximal operator known: what
 * descent by blocks can minimise. Intercepts, the last numbers of a table of parameters, are free. Parameters that are frozen
 * at zero belong to no block.
 */
export interface CompositePenalty {
  readonly name: string;
  /** The number of blocks. */
  readonly blocks: number;
  /**
   * The slope up to which each weight rests at zero, or one number for all; `null` where blocks are of several weights.
   */
  readonly corners: Float64Array | null;
  /** Moves `w` to within the bounds. */
  project(w: Float64Array): void;
  /**
   * The penalty at `w`, which is within the bounds.
   * @param stirred all blocks that are not at zero, and maybe others
   */
  value(w: Float64Array, stirred: Uint32Array): number;
  /** Whether a block is at zero. */
  rests(block: number, w: Float64Array): boolean;
  /**
   * The blocks, ascending, that are not at zero, or that their norm does not hold there against the given slopes: all that a
   * look at a point needs, since the others neither violate optimality nor add to the gap.
   * @param slopes the gradient of the loss at `w`, or a dual point's correlations
   * @param hold the share of the norm that must hold a block; below 1, blocks that are nearly stirred are told, too
   */
  stirred(w: Float64Array, slopes: Float64Array, hold?: number): Uint32Array;
  /**
   * The greatest distance of minus the gradient from a stirred block's subdifferential, at least 0. Writes that of each to
   * `out`; less than zero where a bound holds a block.
   */
  excess(w: Float64Array, g: Float64Array, stirred: Uint32Array, out: Float64Array): number;
  /**
   * Factors in [0, 1] that bring a dual point with the given correlations into the domain of the conjugate, each a candidate
   * for the best bound; none where no factor does, as with parameters that neither penalty nor bounds hold.
   */
  factors(correlations: Float64Array, stirred: Uint32Array): readonly number[];
  /**
   * The penalty at `w`, plus its conjugate at minus `factor` times the correlations, plus their product. Never negative.
   */
  divergence(w: Float64Array, correlations: Float64Array, factor: number, stirred: Uint32Array): number;
  /**
   * The factor on the penalty's strength above which zero weights are optimal, given the loss's gradient there: times the
   * strength it is lambda_max. Infinite where there is none, as for ridge alone.
   */
  ceiling(g: Float64Array): number;
  /** What the sweeps' kernels need of some blocks. */
  terms(blocks: Uint32Array, arena: Arena): BlockTerms;
}

/** Blocks as kernels take them, see `Kernels.descendGram`; `units` belong to `members`, the others to blocks. */
export interface BlockTerms {
  /** `blocks + 1` offsets into `members`. */
  readonly starts: Uint32Array;
  /** Numbers of parameters in the full table. */
  readonly members: Uint32Array;
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly units: Float64Array;
}

/** The table of parameters that a penalty is about. */
export interface Table {
  readonly columns: number;
  readonly outputs: number;
  /** A weight w of column j counts as w / scale[j]; `null` for one. */
  readonly scale: Float32Array | null;
  /** 1 for each parameter that stays zero, or `null` for none. */
  readonly frozen: Uint8Array | null;
}

/** How strong: `lambda` on the mean loss, of which `l1Ratio` goes to the norm and the rest to half the square. */
export interface Strength {
  readonly lambda: number;
  readonly l1Ratio: number;
}
