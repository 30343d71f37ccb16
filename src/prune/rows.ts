import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import type { Scorer } from "../model/scorer";
import type { Arena } from "../simd/memory";
import { type PathOptions, regularizationPath } from "../train/path";
import { boundsOn } from "../train/penalty-options";
import { type SparseWeights, sparseOf } from "../train/sparse-weights";
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
  /** How many fits are worth asking for at a time: one, where each has the processors to itself. */
  readonly abreast: number;
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
  /**
   * Fits along a path of strengths, each from the one before, within the bounds of a model.
   * @param columns the features whose weights may vary, ascending; all others are zero
   */
  path(
    parts: LinearParts,
    columns: Uint32Array,
    options: Omit<PathOptions, "bounds">,
    watch: Watch,
  ): Promise<readonly PathFit[]>;
  /** The mean log-loss. */
  logLoss(model: Scorer): Promise<number>;
  /** The rows parted into those that are fitted and those that judge: stratified folds, or three quarters and one for `null`. */
  splits(folds: number | null): Promise<readonly RowsSplit[]>;
}

/** One fit of a path. */
export interface PathFit {
  readonly lambda: number;
  /** In the places of the model's weights. */
  readonly weights: SparseWeights;
  readonly intercepts: Float64Array;
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
    abreast: 1,
    moments: async (model) => lossMoments(model, data),
    hessians: async (parts, lambda, arena, alive) => localProblems(data, parts, lambda, arena, alive),
    fit: (parts, mask, lambda, signal) =>
      fitOnSupport(data, parts, mask, { lambda, tolerance: 1e-8 }, { signal }),
    path: async (parts, columns, options, watch) => await pathOver(data, parts, columns, options, watch),
    logLoss: async (model) => meanLogLoss(model, data),
    splits: async (folds) =>
      (folds === null ? [data.split()] : data.folds(folds)).map(({ train, test }) => ({
        train: memoryRows(train),
        test: memoryRows(test),
      })),
  };
}

async function pathOver(
  data: Dataset,
  { bounds = null, intercepts, weights }: LinearParts,
  columns: Uint32Array,
  options: Omit<PathOptions, "bounds">,
  watch: Watch,
): Promise<PathFit[]> {
  const { lower, upper } = boundsOn(columns, bounds) ?? { lower: null, upper: null };
  const within = { lower: lower ?? undefined, upper: upper ?? undefined };
  const { steps } = await regularizationPath(data.select(columns), { ...options, bounds: within }, watch);
  const outputs = intercepts.length;
  return steps.map(({ lambda, model }) => {
    const { places, values } = sparseOf([model.weights]);
    const own = places.map((at) => columns[Math.floor(at / outputs)] * outputs + (at % outputs));
    return {
      lambda,
      weights: { length: weights.length, places: own, values },
      intercepts: model.intercepts,
    };
  });
}

/** The sum of the rows' weights. */
export function massOf({ weights, rows }: Dataset): number {
  return weights === null ? rows : weights.reduce((sum, w) => sum + w, 0);
}
