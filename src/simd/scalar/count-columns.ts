import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: adds the number of each column's values other than zero to counts. */
export function countColumns(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  counts: number,
): void {
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    for (let k = x.begin(i); k < x.begin(i + 1); k++) {
      if (x.value(k) !== 0) heap.u32[counts / 4 + x.column(i, k)]++;
    }
  }
}
