import type { Design } from "./design";

/** Rows that are looked at to judge whether merging pays. */
const sampled = 2 ** 13;
/** Stretches of neighbouring rows that the sample is made of: data may be sorted or shuffled. */
const stretches = 16;
/** Stored values of a row that its hash tells of: of long rows it takes one in several. */
const mostHashed = 32;
/** The share of the rows that must be expected to go: merging takes as long as some six passes, and a fit makes dozens. */
const worthwhile = 0.3;
/**
 * Rows that one call merges. A function that is compiled well while it runs goes on as it is until it is called again,
 * so one call for all would be slow to its end.
 */
const stride = 2 ** 13;
/** The most of the address space to fill for it. */
const mostBytes = 3 * 2 ** 30;

/** Rows that were merged: how many are left, and where the new number of each given row lies. */
interface MergedRows {
  readonly rows: number;
  readonly merged: number;
}

/**
 * Merges rows of the same stored values and label in place, their shares summed, where a sample says that it pays;
 * `null` where it doesn't. The mean loss stays the same sum, so everything that is proven of it stays proven.
 */
export function mergeEqualRows(design: Design): MergedRows | null {
  const { arena, kernels, rows, labels, shares, matrix } = design;
  const slotCount = 2 ** Math.ceil(Math.log2(1.25 * rows + 1));
  if (arena.bytes + 8 * slotCount + 4 * rows > mostBytes || !isWorthwhile(design)) return null;
  const merged = arena.integers(rows).byteOffset;
  const mark = arena.mark();
  const slots = arena.integers(2 * slotCount).byteOffset;
  const scratch = arena.integers(33).byteOffset;
  const [pointers, indices, values, , columns] = matrix;
  const at = [columns, labels.byteOffset, shares.byteOffset, slots, slotCount, merged, scratch] as const;
  let left = 0;
  for (let first = 0; first < rows; first += stride) {
    design.team.check();
    const last = Math.min(rows, first + stride);
    left = kernels.mergeRows(pointers, indices, values, first, last, left, ...at);
  }
  arena.rewind(mark);
  return { rows: left, merged };
}

/** Guesses from a sample, by its share of repeated rows, as if all kinds of rows were equally frequent. */
function isWorthwhile(design: Design): boolean {
  const { rows, nonzeros } = design;
  const most = Math.min(rows, sampled, Math.floor((rows * (nonzeros / 8)) / Math.max(1, nonzeros)));
  const length = Math.floor(most / stretches);
  if (length === 0) return false;
  const size = length * stretches;
  const kinds = size / (2 * (repeatsOf(design, length) / size));
  const copies = rows / kinds;
  return copies > 0 && 1 - (1 - Math.exp(-copies)) / copies >= worthwhile;
}

/** How many rows of the sample repeat one before, by their hashes. */
function repeatsOf({ arena, matrix, rows, columns, nonzeros, labels }: Design, length: number): number {
  const [pointers, indices, values] = matrix;
  const { buffer } = arena.memory;
  const starts = pointers === 0 ? null : new Uint32Array(buffer, pointers, rows + 1);
  const words = [pointers === 0 ? 0 : indices, values]
    .filter((at) => at !== 0)
    .map((at) => new Uint32Array(buffer, at, nonzeros));
  const slots = new Int32Array(4 * sampled);
  let repeats = 0;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const first = Math.floor((stretch * rows) / stretches);
    for (let i = first; i < first + length; i++) {
      const from = starts === null ? i * columns : starts[i];
      const to = starts === null ? from + columns : starts[i + 1];
      let hash = labels[i];
      const step = Math.ceil((to - from) / mostHashed);
      hash = Math.imul(hash, 0x27d4eb2f) ^ (to - from);
      for (const word of words) {
        for (let k = from; k < to; k += step) {
          hash = Math.imul((hash << 13) | (hash >>> 19), 0x9e3779b1) ^ Math.imul(word[k], 0x85ebca77);
        }
      }
      hash = hash ^ (hash >>> 15) || 1;
      let slot = hash & (slots.length - 1);
      while (slots[slot] !== 0 && slots[slot] !== hash) slot = (slot + 1) & (slots.length - 1);
      if (slots[slot] === hash) repeats++;
      slots[slot] = hash;
    }
  }
  return repeats;
}
