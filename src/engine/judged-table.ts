import type { Watch } from "../base/progress";
import type { Label } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";
import type { PathOptions } from "../train/path";
import type { PathOutcome, Strengths } from "../train/path-job";
import type { RegularizationPath } from "../train/regularization-path";
import type { FoldPart } from "./aggregate";
import type { PackedScores } from "./row-scores";

/** What of a model judging needs. */
export type JudgedModel = Pick<Scorer, "weights" | "intercepts" | "link" | "threshold">;

/** Rows by which models are judged, wherever they are. */
export interface JudgedTable {
  readonly classes: readonly Label[];
  /** The features. */
  readonly columns: number;
  /**
   * The sums of each model over some rows, each measured against the first.
   * @param ranked whether histograms are wanted, for the AUC
   */
  scores(
    models: readonly JudgedModel[],
    part: FoldPart | null,
    ranked: boolean,
    watch: Watch,
  ): Promise<readonly PackedScores[]>;
}

/** Of which rows and weights a path is. */
export interface PathPart {
  /** `null` for all rows. */
  readonly part: FoldPart | null;
  /** The weights of the rows' classes. */
  readonly masses: Float64Array;
  /** The strengths to follow; left out, those of the options. */
  readonly strengths?: Strengths;
  /** 1 for each weight that may vary, the others are zero; left out, all may. */
  readonly mask?: Uint8Array;
}

/** Rows that folds are drawn of, wherever they are. */
export interface FoldedTable extends JudgedTable {
  readonly rows: number;
  /** The sum of the weights of each class. */
  readonly masses: Float64Array;
  /** Whether folds are best fitted side by side. */
  readonly together: boolean;
  /** The weight of each class in each fold. */
  foldMasses(folds: number, seed: number, watch: Watch): Promise<readonly Float64Array[]>;
  /**
   * A path of fits, and as its job told it.
   * @param some rows or weights; left out, all, by the options' strengths
   */
  path(
    options: PathOptions,
    watch: Watch,
    some?: PathPart,
  ): Promise<{ readonly path: RegularizationPath; readonly outcome: PathOutcome }>;
}
