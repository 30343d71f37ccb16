import { BORDER } from "./bordered-gram";

/**
 * Writes the block of each compressed row to `out`, and marks in `local` the columns of the border, and the intercept, that
 * rows of a block have; see `Kernels`.
 */
export function rowBlocks(
  pointers: usize,
  indices: usize,
  rows: u32,
  columns: u32,
  blocks: usize,
  places: usize,
  borderSize: u32,
  local: usize,
  out: usize,
): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = pointers + ((<usize>i) << 2);
    const from = indices + ((<usize>load<u32>(row)) << 2);
    const to = indices + ((<usize>load<u32>(row, 4)) << 2);
    let block = BORDER;
    for (let at = from; at < to && block == BORDER; at += 4) {
      block = load<u32>(blocks + ((<usize>load<u32>(at)) << 2));
    }
    store<u32>(out + ((<usize>i) << 2), block);
    if (block == BORDER) continue;
    const marks = local + ((<usize>block * <usize>borderSize) << 2);
    for (let at = from; at < to; at += 4) {
      const j = (<usize>load<u32>(at)) << 2;
      if (load<u32>(blocks + j) == BORDER) store<u32>(marks + ((<usize>load<u32>(places + j)) << 2), 1);
    }
    store<u32>(marks + ((<usize>load<u32>(places + ((<usize>columns) << 2))) << 2), 1);
  }
}
