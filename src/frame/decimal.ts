/** The powers of ten that a 64-bit float holds exactly. */
const powers: Float64Array = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** Digits that each of two 32-bit integers takes. */
const perPart = 9;
/** Parts a float in two halves of 26 bits, whose products are exact (Veltkamp; Dekker, 1971). */
const splitter = 2 ** 27 + 1;

/**
 * The number that bytes of ASCII write as a decimal, `-12.5e3`, with the bits that `Number` gives for the text; `NaN` where they are of
 * another form or where the number is not to be had exactly in a few steps, which says nothing: ask `Number` then.
 * @param strict whether leading zeros, as in `007`, give `NaN`, too
 */
export function decimalOf(bytes: Uint8Array, from: number, to: number, strict: boolean): number {
  let at = from;
  const sign = at < to ? bytes[at] : 0;
  if (sign === minus || sign === plus) at++;
  const first = at;
  let high = 0;
  let low = 0;
  let digits = 0;
  let point = -1;
  for (; at < to; at++) {
    const digit = bytes[at] - zero;
    if (digit >= 0 && digit <= 9) {
      if (digits < perPart) high = (Math.imul(high, 10) + digit) | 0;
      else low = (Math.imul(low, 10) + digit) | 0;
      if (high !== 0) digits++;
    } else if (digit === dot && point < 0) point = at;
    else break;
  }
  if (at - first === (point < 0 ? 0 : 1) || digits > 2 * perPart) return Number.NaN;
  if (strict && bytes[first] === zero && first + 1 < at && point !== first + 1) return Number.NaN;
  let scale = point < 0 ? 0 : point + 1 - at;
  if (at < to) {
    const exponent = exponentOf(bytes, at, to);
    if (exponent === none) return Number.NaN;
    scale += exponent;
  }
  const size = sized(high, low, digits, scale);
  return sign === minus ? -size : size;
}

const zero = 0x30;
const plus = 0x2b;
const minus = 0x2d;
/** What the point lies above or below zero. */
const dot = 0x2e - zero;
const none = 2 ** 30;

/** The exponent that is written from its letter on, or `none`. */
function exponentOf(bytes: Uint8Array, letter: number, to: number): number {
  if ((bytes[letter] | 0x20) !== 0x65) return none;
  let at = letter + 1;
  const sign = at < to ? bytes[at] : 0;
  if (sign === minus || sign === plus) at++;
  if (at === to || to - at > 4) return none;
  let exponent = 0;
  for (; at < to; at++) {
    const digit = bytes[at] - zero;
    if (!(digit >= 0 && digit <= 9)) return none;
    exponent = 10 * exponent + digit;
  }
  return sign === minus ? -exponent : exponent;
}

/** (high 10^k + low) 10^scale, where `low` has the k digits beyond nine. */
function sized(high: number, low: number, digits: number, scale: number): number {
  if (scale > 22 || scale < -22) return high === 0 ? 0 : Number.NaN;
  if (digits <= perPart) return scale < 0 ? high / powers[-scale] : high * powers[scale];
  // Exact: 30 bits times the 21 of 5^9.
  const upper = high * powers[digits - perPart];
  const sum = upper + low;
  // Both factors are exact, so that one rounding is all (Clinger, 1990).
  if (sum <= Number.MAX_SAFE_INTEGER) return scale < 0 ? sum / powers[-scale] : sum * powers[scale];
  return scale < 0 ? quotient(sum, low - (sum - upper), powers[-scale]) : Number.NaN;
}

/**
 * (a + rest) / b, rounded once, where `rest` is less than the last bit of `a`; `NaN` where the sum of the quotient and what remains lies
 * so close to the middle between two floats that the error of the second could decide.
 */
function quotient(a: number, rest: number, b: number): number {
  const q = a / b;
  const product = q * b;
  const qHigh = splitter * q - (splitter * q - q);
  const bHigh = splitter * b - (splitter * b - b);
  const qLow = q - qHigh;
  const bLow = b - bHigh;
  const lost = qLow * bLow - (product - qHigh * bHigh - qLow * bHigh - qHigh * bLow);
  const correction = (a - product - lost + rest) / b;
  const error = Math.abs(correction) * 2 ** -50;
  const below = q + (correction - error);
  return below === q + (correction + error) ? below : Number.NaN;
}
