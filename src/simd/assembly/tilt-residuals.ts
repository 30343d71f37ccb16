/** Writes residuals, those below and above zero times a factor each, to `out`; the sum of squares of the changes there. */
export function tiltResiduals(rows: u32, residuals: usize, below: f64, above: f64, out: usize): f64 {
  const bytes = (<usize>rows) << 3;
  let sum: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const residual = load<f64>(residuals + o);
    const r = residual * (residual < 0 ? below : above);
    const change = r - load<f64>(out + o);
    store<f64>(out + o, r);
    sum += change * change;
  }
  return sum;
}
