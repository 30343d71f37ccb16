import { begin, CSR, DENSE, ONES, storage } from "./row";

/** Adds the number of each column's values other than zero to `counts`, 32-bit. */
export function countColumns(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  counts: usize,
): void {
  const kind = storage(pointers, values);
  const to = begin(kind, pointers, columns, rows);
  if (kind == ONES) {
    for (let k = begin(kind, pointers, columns, 0); k < to; k++) add(counts, load<u32>(indices + (k << 2)), 1);
  } else if (kind == CSR) {
    for (let k = begin(kind, pointers, columns, 0); k < to; k++) {
      add(counts, load<u32>(indices + (k << 2)), load<f32>(values + (k << 2)) != 0 ? 1 : 0);
    }
  } else if (kind == DENSE) {
    for (let i: u32 = 0; i < rows; i++) {
      const from = (<usize>i * <usize>columns) << 2;
      for (let j: u32 = 0; j < columns; j++) {
        add(counts, j, load<f32>(values + from + ((<usize>j) << 2)) != 0 ? 1 : 0);
      }
    }
  }
}

// @ts-expect-error: decorator
@inline
function add(counts: usize, column: u32, count: u32): void {
  const at = counts + ((<usize>column) << 2);
  store<u32>(at, load<u32>(at) + count);
}
