import type { BitReader } from "./bits";

/** The parameters in use: quarters of octaves, so that one fits in a byte within 0.2 % of the best length. */
export const golombParameters: readonly number[] = Array.from({ length: 26 }, (_, octave) =>
  [4, 5, 6, 7].map((quarter) => (quarter * 2 ** octave) / 4),
)
  .flat()
  .filter(Number.isInteger);

/**
 * Reads a value up to `most` in the code of Golomb (1966) with parameter `m`: the quotient by `m` in ones and a zero, the
 * remainder in truncated binary, high bits first.
 */
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

function truncation(m: number): { width: number; short: number } {
  if (m === 1) return { width: 0, short: 0 };
  const width = 32 - Math.clz32(m - 1);
  return { width, short: 2 ** width - m };
}
