// e = exp(-|z|), log(1 + e) and 1 / (1 + e) of two numbers at a time: what the logistic loss is made of.

// @ts-expect-error: decorator
@inline
const shifter: f64 = 6755399441055744; // 1.5 * 2^52: the low bits of a sum with it are the nearest whole number.

// @ts-expect-error: decorator
@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-expect-error: decorator
@inline
function horner(x: v128, sum: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(c));
}

/**
 * exp(x) for x <= 0, zero below -708; NaN stays. x = k log 2 + r, and exp(r) = 1 + 2 r P(r^2) / (Q(r^2) - r P(r^2)), the rational
 * function of Cephes (Moshier, 1992), within about an ulp.
 */
// @ts-expect-error: decorator
@inline
export function expPair(x: v128): v128 {
  const kept = f64x2.ge(x, f64x2.splat(-708));
  const at = f64x2.max(x, f64x2.splat(-708));
  const shifted = f64x2.add(times(at, f64x2.splat(1.4426950408889634)), f64x2.splat(shifter));
  const k = f64x2.sub(shifted, f64x2.splat(shifter));
  let r = f64x2.sub(at, times(k, f64x2.splat(6.93145751953125e-1)));
  r = f64x2.sub(r, times(k, f64x2.splat(1.42860682030941723212e-6)));
  const rr = times(r, r);
  let p = horner(rr, f64x2.splat(1.26177193074810590878e-4), 3.02994407707441961300e-2);
  p = times(horner(rr, p, 9.99999999999999999910e-1), r);
  let q = horner(rr, f64x2.splat(3.00198505138664455042e-6), 2.52448340349684104192e-3);
  q = horner(rr, q, 2.27265548208155028766e-1);
  q = horner(rr, q, 2);
  const ratio = f64x2.div(p, f64x2.sub(q, p));
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  const value = times(f64x2.add(f64x2.splat(1), f64x2.add(ratio, ratio)), power);
  return v128.or(v128.and(value, kept), v128.and(x, f64x2.ne(x, x)));
}

/** log(1 + e) for e in [0, 1], by the polynomial of fdlibm's log for f = e or (e - 1) / 2, within about an ulp. */
// @ts-expect-error: decorator
@inline
export function log1pPair(e: v128): v128 {
  const large = f64x2.gt(e, f64x2.splat(0.41421356));
  const f = v128.bitselect(times(f64x2.sub(e, f64x2.splat(1)), f64x2.splat(0.5)), e, large);
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = times(s, s);
  let R = horner(z, f64x2.splat(1.479819860511658591e-1), 1.531383769920937332e-1);
  R = horner(z, R, 1.818357216161805012e-1);
  R = horner(z, R, 2.222219843214978396e-1);
  R = horner(z, R, 2.857142874366239149e-1);
  R = horner(z, R, 3.999999999940941908e-1);
  R = times(horner(z, R, 6.666666666666735130e-1), z);
  const half = times(times(f, f), f64x2.splat(0.5));
  const small = f64x2.sub(half, times(s, f64x2.add(half, R)));
  const log2 = v128.and(large, f64x2.splat(0.6931471805599453));
  return f64x2.add(log2, f64x2.sub(f, small));
}
