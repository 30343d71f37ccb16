// The logistic loss of four rows at a time in 32-bit floats, to six digits.

/** 1.5 * 2^23: the low bits of a sum with it are the nearest whole number. */
// @ts-expect-error: decorator
@inline
const shifter: f32 = 12582912;

// @ts-expect-error: decorator
@inline
function line(x: v128, slope: f32, start: f32): v128 {
  return f32x4.add(f32x4.mul(f32x4.splat(slope), x), f32x4.splat(start));
}

// @ts-expect-error: decorator
@inline
function times(x: v128, y: v128, plus: v128): v128 {
  return f32x4.add(f32x4.mul(y, x), plus);
}

/**
 * exp(x) for x <= 0, no less than exp(-87), by the polynomial of Cephes' expf (Moshier, 1992), in pairs of terms (Estrin, 1960), which
 * wait for each other least; NaN stays.
 */
// @ts-expect-error: decorator
@inline
function expFour(x: v128): v128 {
  const at = f32x4.max(x, f32x4.splat(-87));
  const shifted = f32x4.add(f32x4.mul(at, f32x4.splat(1.44269504088896341)), f32x4.splat(shifter));
  const k = f32x4.sub(shifted, f32x4.splat(shifter));
  let r = f32x4.sub(at, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  const square = f32x4.mul(r, r);
  const high = line(r, 1.9875691500e-4, 1.3981999507e-3);
  const middle = line(r, 8.3334519073e-3, 4.1665795894e-2);
  const low = line(r, 1.6666665459e-1, 5.0000001201e-1);
  const p = times(square, times(square, high, middle), low);
  const value = f32x4.add(f32x4.add(f32x4.mul(square, p), r), f32x4.splat(1));
  return f32x4.mul(value, i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23));
}

/** log(1 + e) for e in [0, 1] by the series of 2 atanh(s), s = e / (2 + e) <= 1/3. */
// @ts-expect-error: decorator
@inline
function log1pFour(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  const square = f32x4.mul(z, z);
  const high = times(square, line(z, 1 / 13, 1 / 11), line(z, 1 / 9, 1 / 7));
  const p = f32x4.add(f32x4.mul(z, times(square, high, line(z, 1 / 5, 1 / 3))), f32x4.splat(1));
  return f32x4.mul(f32x4.add(s, s), p);
}

/**
 * Writes the residuals and curvatures of four rows and returns their losses, the first two plus the last two.
 * @param margins with the intercept, 32-bit floats
 * @param signs -1 where the target is one, else 1
 */
// @ts-expect-error: decorator
@inline
export function logisticFour(margins: v128, signs: v128, shares: usize, residuals: usize, curvatures: usize): v128 {
  const z = f32x4.mul(margins, signs);
  const e = expFour(f32x4.neg(f32x4.abs(z)));
  const right = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
  const wrong = f32x4.mul(e, right);
  const zero = f32x4.splat(0);
  const residual = f32x4.mul(signs, v128.bitselect(right, wrong, f32x4.ge(z, zero)));
  const curvature = f32x4.mul(wrong, right);
  const loss = f32x4.add(f32x4.max(z, zero), log1pFour(e));
  const low = v128.load(shares);
  const high = v128.load(shares, 16);
  v128.store(residuals, f64x2.mul(low, f64x2.promote_low_f32x4(residual)));
  v128.store(residuals, f64x2.mul(high, upper(residual)), 16);
  v128.store(curvatures, f64x2.mul(low, f64x2.promote_low_f32x4(curvature)));
  v128.store(curvatures, f64x2.mul(high, upper(curvature)), 16);
  return f64x2.add(f64x2.mul(low, f64x2.promote_low_f32x4(loss)), f64x2.mul(high, upper(loss)));
}

/** The same for one row; returns its loss. */
// @ts-expect-error: decorator
@inline
export function logisticOne(margin: f32, sign: f32, share: f64, residual: usize, curvature: usize): f64 {
  const z = f32x4.splat(margin * sign);
  const e = expFour(f32x4.neg(f32x4.abs(z)));
  const right: f32 = 1 / (1 + f32x4.extract_lane(e, 0));
  const wrong = f32x4.extract_lane(e, 0) * right;
  store<f64>(residual, share * <f64>(sign * (margin * sign >= 0 ? right : wrong)));
  store<f64>(curvature, share * <f64>(wrong * right));
  return share * <f64>(max<f32>(margin * sign, 0) + f32x4.extract_lane(log1pFour(e), 0));
}

// @ts-expect-error: decorator
@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1));
}
