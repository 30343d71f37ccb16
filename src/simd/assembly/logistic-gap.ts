import { zero } from "./bytes";
import { logisticCorrelate } from "./logistic-correlate";
import { logisticSides } from "./logistic-sides";

/**
 * A bound of the duality gap of the logistic loss of dense rows plus half the sum of strengths w^2, intercept free, at the last point: by
 * the residuals, the side of the greater sum scaled to the other's, see `logisticSides`. `scratch` holds columns + 5 numbers.
 */
export function logisticGap(
  values: usize,
  rows: u32,
  columns: u32,
  shares: usize,
  residuals: usize,
  curvatures: usize,
  strengths: usize,
  w: usize,
  scratch: usize,
): f64 {
  const weights = (<usize>columns) << 3;
  const slopes = scratch + 32;
  zero(scratch, weights + 40);
  logisticSides(rows, shares, residuals, curvatures, scratch);
  const low = load<f64>(scratch);
  const high = load<f64>(scratch, 16);
  const least = min<f64>(low, high);
  const below = low == least ? 1 : least / low;
  const above = high == least ? 1 : least / high;
  logisticCorrelate(0, 0, values, rows, columns, residuals, below, above, slopes);
  let sum: f64 = 0;
  for (let o: usize = 0; o < weights; o += 8) {
    const strength = load<f64>(strengths + o);
    const residual = strength * load<f64>(w + o) + load<f64>(slopes + o);
    sum += (residual * residual) / strength;
  }
  return sum / 2 + bound(low, load<f64>(scratch, 8), below) + bound(high, load<f64>(scratch, 24), above);
}

// @ts-expect-error: decorator
@inline
function bound(sum: f64, cubes: f64, factor: f64): f64 {
  const d = 1 - factor;
  return d == 0 ? 0 : (d * d * (sum / factor + cubes)) / 2;
}
