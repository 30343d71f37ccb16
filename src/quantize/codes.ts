import type { Scheme } from "./quantized";

/** Codes of the stored weights and what they decode to. */
export interface Coded {
  /** Ascending places in the `features x outputs` table. */
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly scheme: Scheme;
}

/**
 * The same model with the levels of its codebook ascending, distinct, in use and none of them zero. A weight whose
 * level is zero is a weight that is not there, so its position goes. Uniform grids have no zero and stay.
 */
export function tidied({ positions, codes, scheme }: Coded): Coded {
  if (scheme.kind === "uniform") return { positions, codes, scheme };
  const used = new Set(Array.from(codes, (code) => scheme.levels[code]));
  used.delete(0);
  const levels = Float64Array.from(used).sort();
  const newCode = new Map(Array.from(levels, (level, code) => [level, code]));
  const stays = Array.from(codes.keys()).filter((i) => scheme.levels[codes[i]] !== 0);
  return {
    positions: Uint32Array.from(stays, (i) => positions[i]),
    codes: Uint16Array.from(stays, (i) => newCode.get(scheme.levels[codes[i]])!),
    scheme: { ...scheme, levels },
  };
}

/** How often each of `count` codes occurs. */
export function histogram(codes: Uint16Array, count: number): Uint32Array {
  const counts = new Uint32Array(count);
  for (const code of codes) counts[code]++;
  return counts;
}

/** The entropy of a histogram in bits an item; 0 for nothing. */
export function entropyBits(counts: ArrayLike<number>): number {
  const all = Array.from(counts).filter((c) => c > 0);
  const total = all.reduce((sum, c) => sum + c, 0);
  return all.reduce((sum, c) => sum - (c / total) * Math.log2(c / total), 0);
}
