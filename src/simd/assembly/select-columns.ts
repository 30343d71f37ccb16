import { begin, CSR, DENSE, ONES, storage } from "./row";

/**
 * Writes the columns with a place as compressed rows, values of zero left out: `places` holds the new number of each
 * column, ascending, or 2^32 - 1. Each output array has room for one value more than is selected, since a value is
 * written before it is known whether it stays, which spares a branch that no processor can guess.
 */
export function selectColumns(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  places: usize,
  outPointers: usize,
  outIndices: usize,
  outValues: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body(DENSE, pointers, indices, values, rows, columns, places, outPointers, outIndices, outValues);
  else if (kind == CSR) body(CSR, pointers, indices, values, rows, columns, places, outPointers, outIndices, outValues);
  else body(ONES, pointers, indices, values, rows, columns, places, outPointers, outIndices, outValues);
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
  places: usize,
  outPointers: usize,
  outIndices: usize,
  outValues: usize,
): void {
  let at: usize = 0;
  store<u32>(outPointers, 0);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    for (let k = from; k < to; k++) {
      const column = kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
      const place = load<u32>(places + (column << 2));
      store<u32>(outIndices + at, place);
      let kept = place != 0xffffffff;
      if (kind != ONES) {
        const x = load<f32>(values + (k << 2));
        store<f32>(outValues + at, x);
        kept = (<i32>kept & <i32>(x != 0)) != 0;
      }
      at += (<usize>kept) << 2;
    }
    store<u32>(outPointers + ((<usize>i + 1) << 2), <u32>(at >> 2));
    from = to;
  }
}
