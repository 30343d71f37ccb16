import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: g += X' R, and the column sums of R to the intercepts. */
export function transposeTimes(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  r: number,
  g: number,
): void {
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) x.add(i, outputs, o, heap.f64[r / 8 + i * outputs + o], g);
  }
}
