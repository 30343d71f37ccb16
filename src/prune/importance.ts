import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { lossGradient } from "./gradient";

/** How the worth of a weight is judged; see {@link importancesOf}. */
export type Strategy = "magnitude" | "l1" | "l2" | "gradient";

/**
 * How much each weight is worth, in the order of `weights`; zeros are worth 0. Magnitudes are taken in the unit in
 * which the weights were penalised, `|w_j| / scale_j` (a column that went into the fit as `scale_j x_j` has the raw weight
 * `scale_j` times the penalised one), so that a rare word and a common one compare.
 *
 * - `magnitude` and `l1`: `|w|` (`l1` differs in what it does to the survivors)
 * - `l2`: the norm of the weights that a feature has for all outputs, the same for each of them, as in the group
 *   lasso (Yuan and Lin, 2006, section 2)
 * - `gradient`: `|w g|` with the gradient g of the mean log-loss on `data`, the first-order change of the loss when
 *   the weight goes (Molchanov et al., 2017, section 2.2)
 *
 * @param data rows whose labels are numbered as the model's classes
 */
export function importancesOf(model: LinearScorer, strategy: Strategy, data: Dataset | null): Float64Array {
  if (strategy === "l2") return featureNorms(scaledMagnitudes(model), model.outputs);
  if (strategy === "gradient") return gradientImportances(model, data!);
  return scaledMagnitudes(model);
}

/** The L2 norm of each feature's numbers, written at each of them that is not zero. */
export function featureNorms(values: Float64Array, outputs: number): Float64Array {
  const norms = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += outputs) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += values[at + k] ** 2;
    for (let k = 0; k < outputs; k++) if (values[at + k] !== 0) norms[at + k] = Math.sqrt(sum);
  }
  return norms;
}

function scaledMagnitudes({ weights, scale, outputs }: LinearScorer): Float64Array {
  if (scale === null) return weights.map(Math.abs);
  return weights.map((w, at) => Math.abs(w) / scale[Math.floor(at / outputs)]);
}

function gradientImportances(model: LinearScorer, data: Dataset): Float64Array {
  const gradient = lossGradient(model, data);
  return gradient.map((g, at) => Math.abs(g * model.weights[at]));
}
