import { Random } from "../base/random";
import type { LinearScorer } from "../model/linear";
import type { PruneRows } from "./rows";

/**
 * Magnitudes in the unit in which the weights were penalised, `|w_j| / scale_j` (a column that went into the fit as
 * `scale_j x_j` has the raw weight `scale_j` times the penalised one), so that a rare word and a common one compare.
 */
export function scaledMagnitudes({ weights, scale, outputs }: LinearScorer): Float64Array {
  if (scale === null) return weights.map(Math.abs);
  return weights.map((w, at) => Math.abs(w) / scale[Math.floor(at / outputs)]);
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

/**
 * `|w g|` with the gradient g of the mean log-loss: the first-order change of the loss when the weight goes
 * (Mozer and Smolensky, 1989; Molchanov et al., 2017, section 2.2).
 */
export async function gradientImportances(model: LinearScorer, rows: PruneRows): Promise<Float64Array> {
  const { gradient } = await rows.moments(model, ["gradient"]);
  return gradient.map((g, at) => Math.abs(g * model.weights[at]));
}

/** What a rise of nothing or less counts as, as a share of its second-order term, so that its order is still known. */
const least = 1e-9;

/**
 * The change of the mean log-loss when the weight goes, by a Taylor series. At an optimum the mean gradient is as
 * good as zero, so of first order each row counts without its sign: |w| sum_i s_i |x_ij r_ik|. Of second order, with the
 * diagonal h of the Hessian: h w^2 / 2 - g w, or next to nothing where that is below zero (LeCun, Denker and Solla, 1990,
 * section 2, without their assumption that g is zero).
 */
export async function taylorImportances(
  model: LinearScorer,
  rows: PruneRows,
  order: 1 | 2,
): Promise<Float64Array> {
  const { weights } = model;
  if (order === 1) {
    const { absolute } = await rows.moments(model, ["absolute"]);
    return absolute.map((a, at) => a * Math.abs(weights[at]));
  }
  const { gradient, curvature } = await rows.moments(model, ["gradient", "curvature"]);
  return weights.map((w, at) => {
    const second = (curvature[at] * w * w) / 2;
    return Math.max(second - gradient[at] * w, least * second);
  });
}

/** Random numbers in (0, 1] for the weights that are not zero: what any strategy has to beat. */
export function randomImportances({ weights }: LinearScorer, seed: number): Float64Array {
  const random = new Random(seed);
  return weights.map((w) => {
    const drawn = 1 - random.uniform();
    return w === 0 ? 0 : drawn;
  });
}
