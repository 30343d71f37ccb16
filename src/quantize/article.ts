import { checkNumber } from "../base/check";
import { checkList } from "../base/shape";

/** Weights as integers: `values[i] = scale * codes[i]`. */
export interface UniformQuantization {
  /** Integers from `-(2^(numBits - 1) - 1)` to `2^(numBits - 1) - 1`; for one bit -1, 0 and 1. */
  readonly codes: Int16Array;
  /** The distance of two levels. */
  readonly scale: number;
  /** What the codes stand for; each within half a scale of its weight. */
  readonly values: Float64Array;
}

/**
 * The article's uniform quantization, corrected: the weights are divided by a scale taken from their own range and
 * rounded to integers of `numBits` bits. Zero stays zero.
 *
 * What was wrong: the article computes `round(w * (2^b - 1)) / (2^b - 1)`. It has no scale, so weights of 0.001 all
 * become zero and weights outside [-1, 1] need more than b bits; and it returns floats, so nothing becomes smaller.
 *
 * @param numBits an integer from 1 to 16
 * @throws `invalid-option` for another number of bits or a weight that is not finite
 */
export function uniformQuantization(weights: ArrayLike<number>, numBits: number): UniformQuantization {
  checkNumber(numBits, "numBits", { min: 1, max: 16, integer: true });
  checkList(weights, "weights");
  const values = Float64Array.from(weights);
  let extent = 0;
  values.forEach((w, j) => {
    extent = Math.max(extent, Math.abs(checkNumber(w, `weight ${j}`)));
  });
  const top = Math.max(1, 2 ** (numBits - 1) - 1);
  const scale = extent > 0 ? extent / top : 1;
  const codes = Int16Array.from(values, (w) => Math.round((w / extent) * top) || 0);
  return { codes, scale, values: Float64Array.from(codes, (code) => code * scale) };
}
