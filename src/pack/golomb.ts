import type { BitReader, BitWriter } from "./bits";

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

/** The parameter with which `values` take the fewest bits, and how many; the smallest of equals. */
export function bestGolomb(values: Uint32Array): { m: number; bits: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(values.length, 1);
  const ideal = Math.max(1, Math.round(Math.LN2 * mean));
  const tried = new Set<number>();
  for (let power = 1; power <= 4 * ideal; power *= 2) tried.add(power);
  for (let tenth = 4; tenth <= 20; tenth++) tried.add(Math.max(1, Math.round((ideal * tenth) / 10)));
  let best = { m: 1, bits: Number.POSITIVE_INFINITY };
  for (const m of [...tried].sort((a, b) => a - b)) {
    const bits = golombBits(values, m);
    if (bits < best.bits) best = { m, bits };
  }
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
  const width = 32 - Math.clz32(m - 1);
  return { width: m === 1 ? 0 : width, short: m === 1 ? 0 : 2 ** width - m };
}

function writeHighFirst(to: BitWriter, value: number, width: number): void {
  for (let bit = width - 1; bit >= 0; bit--) to.bit((value >>> bit) & 1);
}
