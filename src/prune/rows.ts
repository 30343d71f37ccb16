import type { Dataset } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import type { Scorer } from "../model/scorer";
import type { Arena } from "../simd/memory";
import { fitOnSupport, type SupportFit } from "../train/support";
import { lossMoments, type Moments } from "./gradient";
import { localProblems } from "./obs/curvature";
import type { PlacedHessian } from "./obs/hessian";

/**
 * What pruning asks of rows: sums over all of them, and fits to them. Rows in memory answer at once ({@link memoryRows}); an engine
 * adds up over rows that no memory holds.
 */
export interface PruneRows {
  /** The sum of the rows' weights. */
  readonly mass: number;
  /** First and second moments of the mean log-loss. @param wanted those that are needed; the others may be empty */
  moments(model: Scorer, wanted: readonly (keyof Moments)[]): Promise<Moments>;
  /**
   * The Hessians of mean log-loss and L2 penalty around a model, one for each problem.
   * @param alive 1 for each weight that takes part. Default: those that are not zero
   */
  hessians(
    parts: LinearParts,
    lambda: number,
    arena: Arena,
    alive?: Uint8Array,
  ): Promise<readonly PlacedHessian[]>;
  /** Fits the weights of a mask again, see `fitOnSupport`. */
  fit(parts: LinearParts, mask: Uint8Array, lambda: number, signal?: AbortSignal): Promise<SupportFit>;
  /** The mean log-loss. */
  logLoss(model: Scorer): Promise<number>;
  /** The rows parted into those that are fitted and those that judge: stratified folds, or three quarters and one for `null`. */
  splits(folds: number | null): Promise<readonly RowsSplit[]>;
}

/** Rows that are fitted, and others that judge. */
export interface RowsSplit {
  readonly train: PruneRows;
  readonly test: Pick<PruneRows, "mass" | "logLoss">;
}

/** A dataset as rows. @param data rows whose labels are numbered as the model's classes */
export function memoryRows(data: Dataset): PruneRows {
  return {
    mass: massOf(data),
    moments: async (model) => lossMoments(model, data),
    hessians: async (parts, lambda, arena, alive) => localProblems(data, parts, lambda, arena, alive),
    fit: (parts, mask, lambda, signal) =>
      fitOnSupport(data, parts, mask, { lambda, tolerance: 1e-8 }, { signal }),
    logLoss: async (model) => meanLogLoss(model, data),
    splits: async (folds) =>
      (folds === null ? [data.split()] : data.folds(folds)).map(({ train, test }) => ({
        train: memoryRows(train),
        test: memoryRows(test),
      })),
  };
}

/** The sum of the rows' weights. */
export function massOf({ weights, rows }: Dataset): number {
  return weights === null ? rows : weights.reduce((sum, w) => sum + w, 0);
}
