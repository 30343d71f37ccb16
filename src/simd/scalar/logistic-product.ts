import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: out += X' diag(curvatures) X v. */
export function logisticProduct(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  curvatures: number,
  v: number,
  out: number,
): void {
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    x.add(i, 1, 0, heap.f64[curvatures / 8 + i] * x.margin(i, 1, 0, v), out);
  }
}
