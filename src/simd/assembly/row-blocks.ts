import { BORDER } from "./bordered-gram";

/** The first compressed row from one on that has columns of two sets; see `Kernels`. */
export function rowAcross(pointers: usize, indices: usize, from: u32, rows: u32, sets: usize): u32 {
  let at = indices + ((<usize>load<u32>(pointers + ((<usize>from) << 2))) << 2);
  for (let i = from; i < rows; i++) {
    const to = indices + ((<usize>load<u32>(pointers + ((<usize>i) << 2), 4)) << 2);
    let own = BORDER;
    for (; at < to; at += 4) {
      const set = load<u32>(sets + ((<usize>load<u32>(at)) << 2));
      if (set == BORDER || set == own) continue;
      if (own != BORDER) return i;
      own = set;
    }
  }
  return rows;
}

/** Writes the block of each compressed row to `out`; see `Kernels`. */
export function rowBlocks(pointers: usize, indices: usize, rows: u32, blocks: usize, out: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = pointers + ((<usize>i) << 2);
    const to = indices + ((<usize>load<u32>(row, 4)) << 2);
    let block = BORDER;
    for (let at = indices + ((<usize>load<u32>(row)) << 2); at < to && block == BORDER; at += 4) {
      block = load<u32>(blocks + ((<usize>load<u32>(at)) << 2));
    }
    store<u32>(out + ((<usize>i) << 2), block);
  }
}

/** Marks the columns of the border, and the intercept, that listed rows of a block have; see `Kernels`. */
export function markBorders(
  pointers: usize,
  indices: usize,
  order: usize,
  count: u32,
  columns: u32,
  rowBlocks: usize,
  blocks: usize,
  places: usize,
  borderSize: u32,
  local: usize,
): void {
  for (let n: u32 = 0; n < count; n++) {
    const i = (<usize>load<u32>(order + ((<usize>n) << 2))) << 2;
    const block = load<u32>(rowBlocks + i);
    if (block == BORDER) continue;
    const marks = local + ((<usize>block * <usize>borderSize) << 2);
    const to = indices + ((<usize>load<u32>(pointers + i, 4)) << 2);
    for (let at = indices + ((<usize>load<u32>(pointers + i)) << 2); at < to; at += 4) {
      const j = (<usize>load<u32>(at)) << 2;
      if (load<u32>(blocks + j) == BORDER) store<u32>(marks + ((<usize>load<u32>(places + j)) << 2), 1);
    }
    store<u32>(marks + ((<usize>load<u32>(places + ((<usize>columns) << 2))) << 2), 1);
  }
}
