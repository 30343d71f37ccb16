import type { Heap } from "./heap";

const border = 0xffffffff;

/** The scalar twin of the kernel: the first row that has columns of two sets. */
export function rowAcross(
  heap: Heap,
  pointers: number,
  indices: number,
  from: number,
  rows: number,
  sets: number,
): number {
  for (let i = from; i < rows; i++) {
    const own = columnsOf(heap, pointers, indices, i).map((j) => heap.u32[sets / 4 + j]);
    if (new Set(own.filter((set) => set !== border)).size > 1) return i;
  }
  return rows;
}

/** The scalar twin of the kernel: the block of each row. */
export function rowBlocks(
  heap: Heap,
  pointers: number,
  indices: number,
  rows: number,
  blocks: number,
  out: number,
): void {
  const { u32 } = heap;
  for (let i = 0; i < rows; i++) {
    const own = columnsOf(heap, pointers, indices, i).map((j) => u32[blocks / 4 + j]);
    u32[out / 4 + i] = own.find((block) => block !== border) ?? border;
  }
}

/** The scalar twin of the kernel: what of the border each block meets. */
export function markBorders(
  heap: Heap,
  pointers: number,
  indices: number,
  order: number,
  count: number,
  columns: number,
  rowBlocks: number,
  blocks: number,
  places: number,
  borderSize: number,
  local: number,
): void {
  const { u32 } = heap;
  for (const i of u32.subarray(order / 4, order / 4 + count)) {
    const block = u32[rowBlocks / 4 + i];
    if (block === border) continue;
    for (const j of [...columnsOf(heap, pointers, indices, i), columns]) {
      if (u32[blocks / 4 + j] === border) u32[local / 4 + block * borderSize + u32[places / 4 + j]] = 1;
    }
  }
}

function columnsOf({ u32 }: Heap, pointers: number, indices: number, i: number): number[] {
  const [from, to] = u32.subarray(pointers / 4 + i, pointers / 4 + i + 2);
  return Array.from(u32.subarray(indices / 4 + from, indices / 4 + to));
}
