import { begin, CSR, DENSE, ONES, storage } from "./row";

/**
 * Writes chosen columns as compressed rows, zeros of dense rows left out, from place `start` of the output arrays on. `chosen` has
 * 64 bits for each 32 columns, see `chosenColumns`: which of them are chosen, and how many are before them.
 */
export function selectColumns(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  chosen: usize,
  start: u32,
  outPointers: usize,
  outIndices: usize,
  outValues: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body(DENSE, pointers, indices, values, rows, columns, chosen, start, outPointers, outIndices, outValues);
  else if (kind == CSR) body(CSR, pointers, indices, values, rows, columns, chosen, start, outPointers, outIndices, outValues);
  else body(ONES, pointers, indices, values, rows, columns, chosen, start, outPointers, outIndices, outValues);
}

// @ts-expect-error: decorator
@inline
function body(
  kind: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  chosen: usize,
  start: u32,
  outPointers: usize,
  outIndices: usize,
  outValues: usize,
): void {
  let at = (<usize>start) << 2;
  store<u32>(outPointers, start);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    for (let k = from; k < to; k++) {
      const column = kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
      const word = load<u64>(chosen + ((column >> 5) << 3));
      const bit = <u64>1 << (<u64>column & 31);
      if ((word & bit) == 0) continue;
      if (kind != ONES) {
        const x = load<f32>(values + (k << 2));
        if (kind == DENSE && x == 0) continue;
        store<f32>(outValues + at, x);
      }
      store<u32>(outIndices + at, <u32>(word >> 32) + <u32>popcnt<u64>(word & (bit - 1)));
      at += 4;
    }
    store<u32>(outPointers + ((<usize>i + 1) << 2), <u32>(at >> 2));
    from = to;
  }
}
