import type { Heap } from "./heap";

const border = 0xffffffff;

/** The scalar twin of the kernel: the block of each row, and what of the border each block meets. */
export function rowBlocks(
  { u32 }: Heap,
  pointers: number,
  indices: number,
  rows: number,
  columns: number,
  blocks: number,
  places: number,
  borderSize: number,
  local: number,
  out: number,
): void {
  for (let i = 0; i < rows; i++) {
    const own = Array.from(
      u32.subarray(indices / 4 + u32[pointers / 4 + i], indices / 4 + u32[pointers / 4 + i + 1]),
    );
    const block = own.map((j) => u32[blocks / 4 + j]).find((b) => b !== border) ?? border;
    u32[out / 4 + i] = block;
    if (block === border) continue;
    const met = [...own.filter((j) => u32[blocks / 4 + j] === border), columns];
    for (const j of met) u32[local / 4 + block * borderSize + u32[places / 4 + j]] = 1;
  }
}
