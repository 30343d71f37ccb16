import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import type { Scorer } from "../model/scorer";
import type { FitWarning } from "../model/warning";
import { lossMoments } from "../prune/gradient";
import type { Arena } from "../simd/memory";
import { fitLevels, type LevelParts } from "../train/levels";
import { type RoundingSystems, RowSystems } from "./compensation-systems";
import { CodeDescent, type Descent } from "./descend";
import type { QuantizeLoss } from "./quantized";
import { lossBetween } from "./report";

/**
 * What quantization asks of rows: sums over all of them, and levels fitted to them. Rows in memory answer at once
 * ({@link memoryCodingRows}); an engine adds up over rows that no memory holds.
 */
export interface CodingRows {
  /** The rows where they are in memory; else `null`. */
  readonly data: Dataset | null;
  /** The diagonal of the Hessian of the mean loss at a model, without a penalty: one number a weight. */
  diagonal(model: LinearScorer): Promise<Float64Array>;
  /** The second-order model of the mean loss that compensated rounding goes by. @param positions the weights that it is of */
  systems(model: LinearScorer, positions: Uint32Array, arena: Arena): Promise<RoundingSystems>;
  /** Moves codes to where no single one lowers the objective, see `CodeDescent`. @param positions where weights may lie, ascending */
  descent(model: LinearScorer, positions: Uint32Array, leastGain: number): Descent;
  /** Fits levels and intercepts at fixed codes, see `fitLevels`. */
  levels(parts: LevelParts, lambda: number, watch: Watch): Promise<LevelsAt>;
  /** The mean log-loss. */
  logLoss(model: Scorer): Promise<number>;
  /** What a model loses beside another of the same classes. */
  loss(before: Scorer, after: Scorer): Promise<QuantizeLoss>;
  /** The rows parted into three quarters that are fitted and one that judges. */
  split(): Promise<{ readonly train: CodingRows; readonly test: Pick<CodingRows, "logLoss"> }>;
}

/** Levels and intercepts that were fitted. */
export interface LevelsAt {
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  /** Mean loss plus penalty. */
  readonly objective: number;
  readonly warnings: readonly FitWarning[];
}

/** A dataset as rows. @param data rows whose labels are numbered as the model's classes */
export function memoryCodingRows(data: Dataset): CodingRows {
  return {
    data,
    diagonal: async (model) => lossMoments(model, data).curvature,
    systems: async (model, _, arena) => new RowSystems(model, data, arena),
    descent: (model, positions, leastGain) => new CodeDescent(model, data, positions, leastGain),
    levels: async (parts, lambda, watch) => {
      const { levels, intercepts, fit } = await fitLevels(data, parts, { lambda }, watch);
      return { levels, intercepts, objective: fit.objective, warnings: fit.warnings };
    },
    logLoss: async (model) => meanLogLoss(model, data),
    loss: async (before, after) => lossBetween(before, after, data),
    split: async () => {
      const { train, test } = data.split();
      return { train: memoryCodingRows(train), test: memoryCodingRows(test) };
    },
  };
}
