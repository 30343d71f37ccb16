import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { fittedOutputs } from "../prune/gradient";
import { sharesOf } from "../train/shares";

/** The second-order model of the mean loss at a model, row by row. */
export interface Curvature {
  /** Each row's share of the mean. */
  readonly shares: Float64Array;
  /** The fitted probability of each output, rows x outputs: of `softmax` they sum to one a row. */
  readonly fitted: Float64Array;
}

/** The fitted probabilities of a model on rows. @throws `invalid-label` where a class has no row */
export function curvatureOf(model: LinearScorer, data: Dataset): Curvature {
  const fitted = fittedOutputs(model, model.margins(data.features));
  return { shares: sharesOf(data, null), fitted };
}

/** The curvature of output k in its margin, for each row: share times p (1 - p). */
export function outputCurvature({ shares, fitted }: Curvature, k: number, outputs: number): Float64Array {
  return shares.map((share, i) => {
    const p = fitted[i * outputs + k];
    return share * p * (1 - p);
  });
}

/** The second derivative of the penalty in the weight at a place. */
export function ridgeAt(at: number, outputs: number, scale: Float32Array | null, lambda: number): number {
  return scale === null ? lambda : lambda / scale[Math.floor(at / outputs)] ** 2;
}

/**
 * The diagonal of the Hessian of mean loss plus L2 penalty at stored weights: how much half the square of each one's
 * error adds to the loss.
 * @param curvature that of the loss in all weights
 */
export function hessianDiagonal(
  { outputs, scale }: LinearScorer,
  curvature: Float64Array,
  positions: Uint32Array,
  lambda: number,
): Float64Array {
  return Float64Array.from(positions, (at) => curvature[at] + ridgeAt(at, outputs, scale, lambda));
}
