import { shownAs } from "../base/display";
import { checkList, checkShape } from "../base/shape";
import { balancedAccuracyOf, macroF1Of } from "../evaluate/confusion";
import type { Label } from "../matrix/dataset";
import { bins, type PackedScores } from "./row-scores";

/** How a model does on the rows of a table, each by its weight. */
export class TableEvaluation {
  /** The sum of the weights of the rows. */
  readonly weight: number;
  /** The share of rows whose class is right, by weight. */
  readonly accuracy: number;
  /** The mean recall of the classes that occur. */
  readonly balancedAccuracy: number;
  /** The unweighted mean of each class's F1. */
  readonly f1: number;
  /** The mean over rows, by weight. */
  readonly logLoss: number;
  /** The mean squared error of the probabilities; summed over classes where there are more than two. */
  readonly brier: number;
  /**
   * For two classes the area under the ROC curve, `NaN` for more. Probabilities in one of 65,536 equal bins count as
   * ties, which is off by `aucError` at most.
   */
  readonly auc: number;
  /** How far `auc` may be off. */
  readonly aucError: number;
  /** The classes, in the order of rows and columns of `confusion`. */
  readonly classes: readonly Label[];
  /** Weights of rows: one row a true class, one column a predicted one. */
  readonly confusion: readonly (readonly number[])[];

  constructor(scores: PackedScores, classes: readonly Label[]) {
    checkShape(scores, "scores of a table", "what table.evaluate returns", {
      confusion: "list",
      histogram: "list",
    });
    checkList(classes, "classes");
    const { weight, logLoss, brier, confusion, histogram } = scores;
    const K = classes.length;
    this.weight = weight;
    this.logLoss = logLoss / weight;
    this.brier = brier / weight;
    this.classes = classes;
    this.confusion = classes.map((_, k) => Array.from(confusion.subarray(k * K, (k + 1) * K)));
    const counted = { classes, counts: confusion };
    this.balancedAccuracy = balancedAccuracyOf(counted);
    this.f1 = macroF1Of(counted);
    this.accuracy = this.confusion.reduce((sum, row, k) => sum + row[k], 0) / weight;
    const { auc, error } = areaOf(histogram);
    this.auc = auc;
    this.aucError = error;
  }
}

shownAs("tableEvaluation", TableEvaluation);

function areaOf(histogram: Float64Array): { auc: number; error: number } {
  if (histogram.length === 0) return { auc: Number.NaN, error: Number.NaN };
  let below = 0;
  let above = 0;
  let ordered = 0;
  let tied = 0;
  for (let bin = 0; bin < bins; bin++) {
    const [low, high] = [histogram[bin], histogram[bins + bin]];
    ordered += high * below;
    tied += high * low;
    below += low;
    above += high;
  }
  const pairs = below * above;
  return { auc: (ordered + tied / 2) / pairs, error: tied / 2 / pairs };
}
