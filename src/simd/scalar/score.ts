import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: out = X W + b, rows x outputs. */
export function score(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  w: number,
  out: number,
): void {
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) heap.f64[out / 8 + i * outputs + o] = x.margin(i, outputs, o, w);
  }
}
