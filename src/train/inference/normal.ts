const rootPi = Math.sqrt(Math.PI);
/** Enough for full accuracy from 1 on. */
const depth = 200;

/**
 * The complementary error function, to some 1e-15 of its value down to the least of floats: below 1 by the series
 * (NIST Digital Library of Mathematical Functions, 7.6.2), else by the continued fraction (7.9.3).
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (!(x >= 1)) return 1 - erfSeries(x);
  let f = x;
  for (let k = depth; k > 0; k--) f = x + k / 2 / f;
  return gaussian(x) / (rootPi * f);
}

/** The chance that a standard normal number lies farther from 0 than z on either side. */
export function twoSidedTail(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** The z beyond which, on both sides, a standard normal number lies with chance `alpha`, in (0, 1). */
export function twoSidedQuantile(alpha: number): number {
  let z = 0;
  // Newton's method on the tail's logarithm, which is concave, so that it stops where rounding begins.
  for (let k = 0; k < 100; k++) {
    const tail = twoSidedTail(z);
    const density = Math.sqrt(2 / Math.PI) * gaussian(z / Math.SQRT2);
    const next = z + (Math.log(tail / alpha) * tail) / density;
    if (Math.abs(next - z) <= 1e-15 * Math.abs(next)) return next;
    z = next;
  }
  return z;
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-18 * sum; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / rootPi) * gaussian(x) * sum;
}

/** exp(-x^2), x parted so that its square is not rounded (Cody, 1969). */
function gaussian(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}
