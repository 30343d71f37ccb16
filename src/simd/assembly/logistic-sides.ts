/**
 * Adds to `out`, for the residuals below zero and then for those above, the sum of |r|, and that of |r|^3 / (s h), which is s times
 * p^2 / (1 - p) with p the probability of the wrong class: what bounds the divergence, see `LogisticLoss`.
 */
export function logisticSides(rows: u32, shares: usize, residuals: usize, curvatures: usize, out: usize): void {
  const bytes = (<usize>rows) << 3;
  let below: f64 = 0;
  let above: f64 = 0;
  let belowSquare: f64 = 0;
  let aboveSquare: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const r = load<f64>(residuals + o);
    const size = abs<f64>(r);
    const square = r == 0 ? 0 : (size * size * size) / (load<f64>(shares + o) * load<f64>(curvatures + o));
    const negative = r < 0;
    below += negative ? size : 0;
    above += negative ? 0 : size;
    belowSquare += negative ? square : 0;
    aboveSquare += negative ? 0 : square;
  }
  store<f64>(out, load<f64>(out) + below);
  store<f64>(out, load<f64>(out, 8) + belowSquare, 8);
  store<f64>(out, load<f64>(out, 16) + above, 16);
  store<f64>(out, load<f64>(out, 24) + aboveSquare, 24);
}
