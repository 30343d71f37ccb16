import type { LinearParts } from "../model/linear";
import { LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";

/** What a pruning did. */
export interface PruneReport {
  readonly strategy: string;
  /** What competed with what: all weights, those of one class, or whole features. */
  readonly scope?: "global" | "class" | "feature";
  /** Weights kept, intercepts left out. */
  readonly kept: number;
  /** Weights that were nonzero before and are zero now. */
  readonly removed: number;
  /** The share of all weights that are zero now. */
  readonly sparsity: number;
  /** The smallest importance that was kept. */
  readonly threshold: number;
  /** The strength of the L2 penalty of the refit, or `null` where there was none. */
  readonly refitLambda: number | null;
  /** The strength that the model stands at: that of the refit, else that of the model that was pruned. */
  readonly lambda?: number | null;
  /** The log-loss on the validation rows for each strength that was tried in the refit. */
  readonly tried?: readonly { readonly lambda: number; readonly logLoss: number }[];
  /** What the user should know of the refit, such as that it did not converge; each with its remedy. */
  readonly warnings?: readonly FitWarning[];
}

/** A model in which some weights have been removed for good: they stay zero in every later step. */
export class PrunedModel extends LinearScorer {
  readonly stage = "pruned";

  constructor(
    parts: LinearParts,
    /** 1 where a weight may differ from zero, else 0; in the order of `weights`. */
    readonly mask: Uint8Array,
    /** How much each weight was worth before it was pruned; in the order of `weights`. */
    readonly importances: Float64Array,
    readonly pruning: PruneReport,
  ) {
    super(parts);
  }
}
