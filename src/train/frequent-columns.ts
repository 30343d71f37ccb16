import type { Design } from "./design";

/** Parameters that a core's nearest caches hold, in whatever order the columns come. */
const near = 2 ** 15;

/** Columns that were numbered anew: how many there are, and where their given numbers lie. */
interface OrderedColumns {
  readonly columns: number;
  readonly order: number;
  /** Where the second half of each row begins, see `Kernels.halveRows`. */
  readonly halves: number;
}

/**
 * Numbers the columns of a wide sparse matrix by falling frequency, those as frequent in the order of their first row,
 * so that the parameters that are often touched lie together; in place. `null` where caches hold them all anyway.
 * @param outputs numbers a column
 * @param dropEmpty whether columns without a stored value are left out
 */
export function orderColumns(design: Design, outputs: number, dropEmpty: boolean): OrderedColumns | null {
  const { arena, kernels, matrix, rows, columns, nonzeros } = design;
  const [pointers, at, values] = matrix;
  if (pointers === 0 || columns * outputs <= near) return null;
  // What stays comes first, so that the rest is let go of.
  const order = arena.integers(columns);
  const halves = arena.integers(rows);
  const beside = arena.mark();
  const counts = arena.integers(columns);
  const met = arena.integers(columns);
  const used = kernels.meetColumns(at, nonzeros, counts.byteOffset, met.byteOffset);
  const kept = dropEmpty ? Math.max(1, used) : columns;
  let last = used;
  for (let j = 0; j < columns && last < kept; j++) if (counts[j] === 0) met[last++] = j;
  const starts = new Uint32Array(rows + 2);
  for (let c = 0; c < kept; c++) starts[counts[met[c]]]++;
  for (let n = rows, sum = 0; n >= 0; n--) {
    const count = starts[n];
    starts[n] = sum;
    sum += count;
  }
  const place = counts;
  const half = (kept + 1) >> 1;
  for (let c = 0; c < kept; c++) {
    const j = met[c];
    const rank = starts[counts[j]]++;
    const to = (rank >> 1) + (rank % 2) * half;
    order[to] = j;
    place[j] = to;
  }
  kernels.renumber(at, nonzeros, place.byteOffset);
  arena.rewind(beside);
  let longest = 0;
  const ends = new Uint32Array(arena.memory.buffer, pointers, rows + 1);
  for (let i = 0; i < rows; i++) longest = Math.max(longest, ends[i + 1] - ends[i]);
  const work = arena.integers(2 * longest);
  kernels.halveRows(pointers, at, values, rows, half, longest, work.byteOffset, halves.byteOffset);
  arena.rewind(beside);
  return { columns: kept, order: order.byteOffset, halves: halves.byteOffset };
}
