import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: a step of one class in the multinomial model's rows. See `Kernels`. */
export function classMargins(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  size: number,
  shares: number,
  p: number,
  step: number,
  y: number,
  mean: number,
): void {
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    let z = size > columns ? f64[step / 8 + columns] : 0;
    for (let k = x.begin(i); k < x.begin(i + 1); k++) z += x.value(k) * f64[step / 8 + x.column(i, k)];
    f64[y / 8 + i] += f64[shares / 8 + i] * z;
    f64[mean / 8 + i] += f64[p / 8 + i] * f64[shares / 8 + i] * z;
  }
}
