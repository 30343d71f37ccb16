import { logisticGradient } from "./logistic-gradient";
import { roughGradient } from "./rough-gradient";
import { zero } from "./bytes";

/** The least cosine, in the metric of the units, between a step and the gradient's change that is no rounding. */
const LEAST_COSINE: f64 = 1e-6;

/**
 * Looks at a point of the logistic loss of dense rows plus half the sum of strengths w^2: from `w` with gradient `g` a step t p on, which
 * is written to `next`; `next` itself where t is 0. Writes the gradient there to `nextG` and returns the value. At `found` the length of
 * the gradient times the units, half the sum of its squares over the strengths, and, where t is not 0, 1 where the step and the
 * gradient's change, which are written to `pair` with the reciprocal of their product, are no rounding.
 */
export function logisticTrial(
  values: usize,
  rows: u32,
  columns: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  residuals: usize,
  curvatures: usize,
  scratch: usize,
  rough: u32,
  strengths: usize,
  units: usize,
  t: f64,
  w: usize,
  g: usize,
  p: usize,
  next: usize,
  nextG: usize,
  pair: usize,
  found: usize,
): f64 {
  const weights = (<usize>columns) << 3;
  const bytes = weights + 8;
  if (t != 0) for (let o: usize = 0; o < bytes; o += 8) store<f64>(next + o, load<f64>(w + o) + t * load<f64>(p + o));
  zero(nextG, bytes);
  const loss = rough != 0
    ? roughGradient(0, 0, values, rows, columns, labels, positive, shares, next, nextG, residuals, curvatures, scratch)
    : logisticGradient(0, 0, values, rows, columns, labels, positive, shares, next, nextG, residuals, curvatures);
  let penalty: f64 = 0;
  let least: f64 = 0;
  for (let o: usize = 0; o < weights; o += 8) {
    const strength = load<f64>(strengths + o);
    const x = load<f64>(next + o);
    const slope = load<f64>(nextG + o) + strength * x;
    store<f64>(nextG + o, slope);
    penalty += strength * x * x;
    least += (slope * slope) / strength;
  }
  let square: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const scaled = load<f64>(nextG + o) * load<f64>(units + o);
    square += scaled * scaled;
  }
  store<f64>(found, sqrt<f64>(square));
  store<f64>(found, least / 2, 8);
  if (t != 0) store<f64>(found, paired(bytes, w, g, next, nextG, units, pair), 16);
  return loss + penalty / 2;
}

// @ts-expect-error: decorator
@inline
function paired(bytes: usize, w: usize, g: usize, next: usize, nextG: usize, units: usize, pair: usize): f64 {
  let product: f64 = 0;
  let steps: f64 = 0;
  let changes: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const s = load<f64>(next + o) - load<f64>(w + o);
    const y = load<f64>(nextG + o) - load<f64>(g + o);
    const unit = load<f64>(units + o);
    store<f64>(pair + o, s);
    store<f64>(pair + bytes + o, y);
    product += s * y;
    steps += (s / unit) * (s / unit);
    changes += y * unit * (y * unit);
  }
  if (!(product > LEAST_COSINE * sqrt<f64>(steps * changes))) return 0;
  store<f64>(pair + (bytes << 1), 1 / product);
  return 1;
}
