import { checkNumber } from "../base/check";
import { checkList } from "../base/shape";
import { softThreshold } from "./soft-threshold";

/**
 * The article's L1 pruning, corrected: each weight moves by `alpha` towards zero and stops there, which is the
 * proximal step of the penalty alpha ||w||_1 (soft-thresholding).
 *
 * What was wrong: the article computes `w - alpha * sign(w)`, which throws every weight smaller than `alpha` through
 * zero to the other side instead of to zero, so that nothing is ever pruned.
 *
 * @param alpha the step, in the unit of the weights, at least 0
 * @throws `invalid-option` for a negative alpha or a weight that is not finite
 */
export function l1RegularizationPruning(weights: ArrayLike<number>, alpha: number): Float64Array {
  checkList(weights, "weights");
  const values = Float64Array.from(weights);
  values.forEach((w, j) => {
    checkNumber(w, `weight ${j}`);
  });
  return softThreshold(values, [checkNumber(alpha, "alpha", { min: 0 })], null);
}
