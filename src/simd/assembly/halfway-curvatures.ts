/** The least and greatest share of a curvature that a guess may be. */
const LEAST: f64 = 0.5;
const MOST: f64 = 2;

/** Multiplies each curvature by its change from `before` to `now` times `half`; see `Kernels`. */
export function halfwayCurvatures(count: u32, rows: usize, before: usize, now: usize, half: f64, h: usize): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const at = rows == 0 ? n << 3 : (<usize>load<u32>(rows + (n << 2))) << 3;
    const last = load<f64>(now + at);
    if (!(last > 0)) continue;
    const share = 1 + half * (1 - load<f64>(before + at) / last);
    const own = h + (n << 3);
    store<f64>(own, load<f64>(own) * min<f64>(MOST, max<f64>(LEAST, share)));
  }
}
