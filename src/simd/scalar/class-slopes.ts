import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: the multinomial model's slopes of one class. See `Kernels`. */
export function classSlopes(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  p: number,
  y: number,
  mean: number,
  size: number,
  q: number,
): void {
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    const r = f64[p / 8 + i] * (f64[y / 8 + i] - f64[mean / 8 + i]);
    for (let k = x.begin(i); k < x.begin(i + 1); k++) f64[q / 8 + x.column(i, k)] += r * x.value(k);
    if (size > columns) f64[q / 8 + columns] += r;
  }
}
