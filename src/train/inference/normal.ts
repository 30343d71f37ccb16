/** Terms of the continued fraction: enough for full accuracy from `border` on. */
const depth = 200;
const border = Math.SQRT2;
const factor = Math.sqrt(2 / Math.PI);

/**
 * The chance that a standard normal number lies farther from 0 than z on either side, erfc(|z| / sqrt(2)), to some
 * 1e-15 of its value down to the least of floats: near 0 by the series, else by the continued fraction (NIST Digital
 * Library of Mathematical Functions, 7.6.2 and 7.9.3).
 */
export function twoSidedTail(z: number): number {
  const x = Math.abs(z);
  if (!(x >= border)) return 1 - factor * bell(x) * series(x);
  let f = x;
  for (let k = depth; k > 0; k--) f = x + k / f;
  return (factor * bell(x)) / f;
}

/** The z beyond which, on both sides, a standard normal number lies with chance `alpha`, in (0, 1). */
export function twoSidedQuantile(alpha: number): number {
  // A bound from above, whence Newton's method on the tail's logarithm, which is concave, comes down to the root.
  let z = Math.sqrt(-2 * Math.log(alpha));
  for (let k = 0; k < 100; k++) {
    const tail = twoSidedTail(z);
    const next = z + (Math.log(tail / alpha) * tail) / (factor * bell(z));
    if (Math.abs(next - z) <= 1e-15 * Math.abs(next)) return next;
    z = next;
  }
  return z;
}

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-18 * sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return sum;
}

/** exp(-x^2 / 2), x parted so that its square is not rounded (Cody, 1969). */
function bell(x: number): number {
  const high = Math.fround(x);
  return Math.exp((-high * high) / 2) * Math.exp((-(x - high) * (x + high)) / 2);
}
