import { dotFour } from "./four-rows";
import { DENSE, dotRow } from "./row";

/**
 * Writes the residuals that a quadratic model of dense rows tells of a step on, intercept last: r + h (X step + b). `curvatures` are those
 * of the model.
 */
export function aheadResiduals(values: usize, rows: u32, columns: u32, step: usize, curvatures: usize, residuals: usize, out: usize): void {
  const width = (<usize>columns) << 2;
  const b = load<f64>(step + (width << 1));
  const fours = rows & ~3;
  for (let i: u32 = 0; i < fours; i += 4) dotFour(values + <usize>i * width, width, step, out + ((<usize>i) << 3));
  for (let i = fours; i < rows; i++) {
    const from = <usize>i * <usize>columns;
    store<f64>(out + ((<usize>i) << 3), dotRow(DENSE, 0, values, from, from + <usize>columns, step));
  }
  const bytes = (<usize>rows) << 3;
  for (let o: usize = 0; o < bytes; o += 8) {
    store<f64>(out + o, load<f64>(residuals + o) + load<f64>(curvatures + o) * (load<f64>(out + o) + b));
  }
}

/**
 * A bound of the divergence from the residuals r of the logistic loss to others of the same rows, those below and above zero times a
 * factor each: the sum of (r' - r)^2 / h, which is that of s (q - p)^2 / (p (1 - p)); infinite where r' is no s (q - y).
 */
export function squareDivergence(
  rows: u32,
  shares: usize,
  residuals: usize,
  curvatures: usize,
  others: usize,
  below: f64,
  above: f64,
): f64 {
  const bytes = (<usize>rows) << 3;
  let sum: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const r = load<f64>(residuals + o);
    const x = load<f64>(others + o);
    const other = x * (x < 0 ? below : above);
    const change = other - r;
    if (change == 0) continue;
    const outside = other * r < 0 || abs<f64>(other) > load<f64>(shares + o);
    sum += outside ? f64.POSITIVE_INFINITY : (change * change) / load<f64>(curvatures + o);
  }
  return sum;
}
