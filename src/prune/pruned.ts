import { checkChoice, checkLength, checkNumber } from "../base/check";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import { LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";
import type { Scope } from "./options";

/** The state of a model after a round of pruning. */
export interface PruneRound {
  /** Weights kept, intercepts left out. */
  readonly kept: number;
  /** The log-loss on the rows that pruning was given, `NaN` without any. */
  readonly logLoss: number;
  /** The log-loss on validation rows, `NaN` without any. */
  readonly validationLogLoss: number;
  /** The strength of the L2 penalty of the refit, or `null` where there was none. */
  readonly refitLambda: number | null;
  /** The smallest importance that was kept. */
  readonly threshold: number;
}

/** What a pruning did. */
export interface PruneReport {
  /** How the worth of a weight was judged. */
  readonly strategy: string;
  /** What competed with what: all weights, those of one class, whole features or groups of them. */
  readonly scope?: Scope;
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
  /** The log-loss on rows held out for each strength that was tried in the last refit. */
  readonly tried?: readonly { readonly lambda: number; readonly logLoss: number }[];
  /** The model before, and after each round. */
  readonly rounds?: readonly PruneRound[];
  /** For `obs`: by how much the objective rises in nats a row, as its quadratic models have it, without refits. */
  readonly predicted?: number | null;
  /** What the user should know of the refit, such as that it did not converge; each with its remedy. */
  readonly warnings?: readonly FitWarning[];
}

/** One weight of a ranking. */
export interface RankedWeight {
  /** The name of the feature. */
  readonly feature: string;
  /** The number of the feature, from 0. */
  readonly column: number;
  /** The class whose output it belongs to: the second of two. */
  readonly class: Label;
  /** What the weight is worth by the strategy. */
  readonly importance: number;
  /** Whether it stayed. */
  readonly kept: boolean;
  /** The weight before it was pruned. */
  readonly before: number;
  /** The weight now; 0 where it was removed. */
  readonly weight: number;
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
    /** What was removed, how and at which cost. */
    readonly pruning: PruneReport,
    /** The weights before. Default: those that were kept. */
    readonly before: Float64Array = parts?.weights,
  ) {
    super(parts);
    checkLength(mask?.length, this.weights.length, "mask");
    checkLength(importances?.length, this.weights.length, "importances");
    checkLength(before.length, this.weights.length, "weights before");
    checkShape(pruning, "report of a pruning", "model.pruning", {});
  }

  /**
   * The weights that are worth most, by name; of those removed too, or of these alone.
   * @param count at most so many. Default 20
   */
  ranking(count = 20, which: "kept" | "removed" | "all" = "all"): RankedWeight[] {
    checkNumber(count, "count", { min: 0, integer: true });
    checkChoice(which, "which", ["kept", "removed", "all"]);
    const { mask, before, importances, weights, outputs, classes, featureNames } = this;
    const wanted = Array.from(before.keys()).filter((at) => {
      if (before[at] === 0 && mask[at] === 0) return false;
      return which === "all" || (which === "kept") === (mask[at] === 1);
    });
    wanted.sort((a, b) => importances[b] - importances[a] || a - b);
    return wanted.slice(0, count).map((at) => {
      const column = Math.floor(at / outputs);
      return {
        feature: featureNames.at(column),
        column,
        class: classes[outputs === 1 ? 1 : at % outputs],
        importance: importances[at],
        kept: mask[at] === 1,
        before: before[at],
        weight: weights[at],
      };
    });
  }

  /** The names of the features that had weights and have none now. */
  removedFeatures(): string[] {
    const { before, mask, outputs, featureNames } = this;
    const names: string[] = [];
    for (let j = 0; j < this.features; j++) {
      const own = (values: ArrayLike<number>) => {
        for (let k = j * outputs; k < (j + 1) * outputs; k++) if (values[k] !== 0) return true;
        return false;
      };
      if (own(before) && !own(mask)) names.push(featureNames.at(j));
    }
    return names;
  }
}
