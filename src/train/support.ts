import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { FitReport, LinearParts } from "../model/linear";

/** How to refit on a support. */
export interface SupportOptions {
  /** The strength of the L2 penalty on the mean loss. */
  readonly lambda: number;
  /** See `LogisticRegressionOptions`. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

/** What a refit found. */
export interface SupportFit {
  /** In the order of the model's weights; zero outside the mask. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

/**
 * Fits again the weights where `mask` is 1, starting from the model's; all others are zero. The intercepts are free.
 * @param mask one byte a weight, in the order of `model.weights`
 */
export declare function fitOnSupport(
  data: Dataset,
  model: LinearParts,
  mask: Uint8Array,
  options: SupportOptions,
  watch?: Watch,
): Promise<SupportFit>;
