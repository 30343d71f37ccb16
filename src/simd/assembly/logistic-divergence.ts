import { log1p } from "./softplus";

/**
 * The sum over rows of s KL(a p | p), the divergence of Bernoulli distributions, p the probability of the wrong class and a the
 * factor of the residual's sign: a p log a + (1 - a p) log((1 - a p) / (1 - p)).
 */
export function logisticDivergence(
  rows: u32,
  shares: usize,
  residuals: usize,
  curvatures: usize,
  below: f64,
  above: f64,
): f64 {
  const bytes = (<usize>rows) << 3;
  const logBelow = below > 0 ? NativeMath.log(below) : 0;
  const logAbove = above > 0 ? NativeMath.log(above) : 0;
  let sum: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const r = load<f64>(residuals + o);
    const factor = r < 0 ? below : above;
    if (r == 0 || factor == 1) continue;
    const size = abs<f64>(r);
    const share = load<f64>(shares + o);
    const p = size / share;
    const scaled = factor * p;
    const right = load<f64>(curvatures + o) / size;
    const first = scaled * (r < 0 ? logBelow : logAbove);
    sum += share * max<f64>(0, first + (1 - scaled) * anyLog1p(((1 - factor) * p) / right));
  }
  return sum;
}

/** log(1 + x) for any x >= 0. */
// @ts-expect-error: decorator
@inline
function anyLog1p(x: f64): f64 {
  return x <= 1 ? log1p(x) : NativeMath.log(1 + x);
}
