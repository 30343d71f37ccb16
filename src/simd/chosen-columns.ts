import type { Arena } from "./memory";

/**
 * Tells `Kernels.selectColumns` which columns are chosen: two integers for each 32 columns, their bits and how many are chosen before
 * them, so that what a pass looks up for each stored value stays in the nearest cache.
 * @param chosen numbers of columns, ascending
 */
export function chosenColumns(arena: Arena, columns: number, chosen: Iterable<number>): Uint32Array {
  const words = arena.integers(2 * Math.ceil(columns / 32));
  for (const column of chosen) words[2 * (column >>> 5)] |= 1 << (column & 31);
  for (let at = 2, count = 0; at < words.length; at += 2) {
    count += ones(words[at - 2]);
    words[at + 1] = count;
  }
  return words;
}

/** How many bits of 32 are one (Warren, 2013, section 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
