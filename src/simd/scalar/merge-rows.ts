import type { Heap } from "./heap";

/** The scalar twin of the kernel: merges equal rows in place. See `Kernels`. */
export function mergeRows(
  { u32, f64 }: Heap,
  pointers: number,
  indices: number,
  values: number,
  first: number,
  last: number,
  before: number,
  columns: number,
  labels: number,
  shares: number,
  slots: number,
  slotCount: number,
  merged: number,
): number {
  const begin = (i: number) => (pointers === 0 ? i * columns : u32[pointers / 4 + i]);
  const words = [pointers === 0 ? 0 : indices, values].filter((at) => at !== 0).map((at) => at / 4);
  const same = (row: number, from: number, to: number) => {
    const other = begin(row);
    if (begin(row + 1) - other !== to - from) return false;
    return words.every((at) => {
      for (let k = 0; k < to - from; k++) if (u32[at + other + k] !== u32[at + from + k]) return false;
      return true;
    });
  };
  let count = before;
  let end = begin(count);
  let from = begin(first);
  for (let i = first; i < last; i++) {
    const to = begin(i + 1);
    const label = u32[labels / 4 + i];
    const h = hash(u32, words, from, to, label);
    let slot = h & (slotCount - 1);
    let found = u32[slots / 4 + 2 * slot + 1];
    while (found !== 0) {
      const equal = u32[slots / 4 + 2 * slot] === h && u32[labels / 4 + found - 1] === label;
      if (equal && same(found - 1, from, to)) break;
      slot = (slot + 1) & (slotCount - 1);
      found = u32[slots / 4 + 2 * slot + 1];
    }
    if (found === 0) {
      for (const at of words) u32.copyWithin(at + end, at + from, at + to);
      end += to - from;
      u32[labels / 4 + count] = label;
      f64[shares / 8 + count] = f64[shares / 8 + i];
      found = ++count;
      u32.set([h, found], slots / 4 + 2 * slot);
      if (pointers !== 0) u32[pointers / 4 + count] = end;
    } else f64[shares / 8 + found - 1] += f64[shares / 8 + i];
    u32[merged / 4 + i] = found - 1;
    from = to;
  }
  return count;
}

function hash(u32: Uint32Array, words: readonly number[], from: number, to: number, label: number): number {
  let h = (label + 0x165667b1) | 0;
  for (let k = from; k < to; k++) {
    for (const at of words) {
      h = (h + Math.imul(u32[at + k], 0xc2b2ae3d)) | 0;
      h = Math.imul((h << 17) | (h >>> 15), 0x27d4eb2f);
    }
  }
  h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
  return (h ^ (h >>> 16)) >>> 0;
}
