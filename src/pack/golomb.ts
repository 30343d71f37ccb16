import type { BitReader, BitWriter } from "./bits";

/** The parameters in use: quarters of octaves, so that one fits in a byte within 0.2 % of the best length. */
export const golombParameters: readonly number[] = Array.from({ length: 26 }, (_, octave) =>
  [4, 5, 6, 7].map((quarter) => (quarter * 2 ** octave) / 4),
)
  .flat()
  .filter(Number.isInteger);

/**
 * Writes `value` in the code of Golomb (1966) with parameter `m`: the quotient by `m` in ones and a zero, the
 * remainder in truncated binary, high bits first. Optimal for geometric gaps, as those of a random support are.
 */
export function writeGolomb(to: BitWriter, value: number, m: number): void {
  const remainder = value % m;
  for (let left = (value - remainder) / m; left > 0; left--) to.bit(1);
  to.bit(0);
  const { width, short } = truncation(m);
  if (remainder < short) writeHighFirst(to, remainder, width - 1);
  else writeHighFirst(to, remainder + short, width);
}

/** Reads what {@link writeGolomb} wrote, a value up to `most`. */
export function readGolomb(from: BitReader, m: number, most: number): number {
  const { width, short } = truncation(m);
  let value = 0;
  while (from.bit() === 1) {
    value += m;
    if (value > most) from.wrong(`a gap up to ${most}`);
  }
  let remainder = 0;
  for (let bit = 1; bit < width; bit++) remainder = 2 * remainder + from.bit();
  if (width > 0 && remainder >= short) remainder = 2 * remainder + from.bit() - short;
  value += remainder;
  return value <= most ? value : from.wrong(`a gap up to ${most}`);
}

/** The place in `golombParameters` with which `values` take the fewest bits, the first of equals. */
export function bestParameter(values: Uint32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(values.length, 1);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  golombParameters.forEach((m, at) => {
    if (at > 0 && (m < mean / 8 || m > 8 * mean)) return;
    const bits = golombBits(values, m);
    if (bits < least) [best, least] = [at, bits];
  });
  return best;
}

function golombBits(values: Uint32Array, m: number): number {
  const { width, short } = truncation(m);
  let bits = 0;
  for (const value of values) {
    const remainder = value % m;
    bits += (value - remainder) / m + 1 + (remainder < short ? width - 1 : width);
  }
  return bits;
}

function truncation(m: number): { width: number; short: number } {
  if (m === 1) return { width: 0, short: 0 };
  const width = 32 - Math.clz32(m - 1);
  return { width, short: 2 ** width - m };
}

function writeHighFirst(to: BitWriter, value: number, width: number): void {
  for (let bit = width - 1; bit >= 0; bit--) to.bit((value >>> bit) & 1);
}
