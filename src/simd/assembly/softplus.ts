/** log(1 + e) for e in [0, 1], corrected for the rounding of 1 + e (Kahan). */
// @ts-expect-error: decorator
@inline
export function log1p(e: f64): f64 {
  const u = 1 + e;
  return NativeMath.log(u) + (e - (u - 1)) / u;
}
