import { sigmoid, softplus } from "../../base/sigmoid";

/** A step of Newton's method that short is the last one, since what is left after it is about its square. */
const near = 1e-8;
const rounding = 1e-15;

/**
 * The c with sum_i y_i s_i sigmoid(t_i - y_i c) = 0: the best intercept where `t` are margins against the labels, and
 * where they are logits of dual variables the least change, in divergence, that makes those of both sides sum to the
 * same. Newton's method on the logarithm of the ratio of both sums, which is nearly linear, within a bracket.
 * @param y 1 or -1 a row
 * @param shares rows of share 0 do not count
 */
export function balance(t: Float64Array, y: Float64Array, shares: Float64Array): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let reach = 1;
  let c = 0;
  for (let k = 0; k < 200; k++) {
    const sums = [0, 0];
    const slopes = [0, 0];
    for (let i = 0; i < t.length; i++) {
      if (shares[i] === 0) continue;
      const side = y[i] > 0 ? 1 : 0;
      const m = t[i] - y[i] * c;
      const e = Math.exp(-Math.abs(m));
      const p = (shares[i] * (m >= 0 ? 1 : e)) / (1 + e);
      sums[side] += p;
      slopes[side] += (p * (m >= 0 ? e : 1)) / (1 + e);
    }
    const both = sums[0] > 0 && sums[1] > 0;
    if (!both && sums[0] === sums[1]) return c;
    const excess = both ? Math.log(sums[1] / sums[0]) : sums[1] - sums[0];
    if (excess === 0) return c;
    if (excess > 0) low = c;
    else high = c;
    const slope = both ? slopes[1] / sums[1] + slopes[0] / sums[0] : 0;
    let step = slope > 0 ? excess / slope : Math.sign(excess) * reach;
    if (Math.abs(step) > reach) step = Math.sign(step) * reach;
    reach *= 2;
    if (Math.abs(step) <= near + rounding * Math.abs(c)) return c + step;
    const next = c + step > low && c + step < high ? c + step : (low + high) / 2;
    c = next;
  }
  return c;
}

/**
 * The Fenchel-Young divergence of softplus: softplus(t) - softplus(z) - sigmoid(z) (t - z), which is that of the
 * Bernoulli distribution of logit z from that of logit t. It is the same for -t and -z, so the side is taken where
 * softplus keeps its digits; near 0 the difference of large terms is replaced by its series.
 * @param z may be -Infinity
 */
export function divergence(t: number, z: number): number {
  if (z === Number.NEGATIVE_INFINITY) return softplus(t);
  if (z === Number.POSITIVE_INFINITY) return softplus(-t);
  const d = t - z;
  const p = sigmoid(z);
  const right = sigmoid(-z);
  if (Math.abs(d) < 1e-3) return (p * right * d * d * (1 + (d * (right - p)) / 3)) / 2;
  if (z > 0) return Math.max(0, softplus(-t) - softplus(-z) + right * d);
  return Math.max(0, softplus(t) - softplus(z) - p * d);
}
