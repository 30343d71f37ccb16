import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: X' r with a factor for each sign of r. See `Kernels`. */
export function logisticCorrelate(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  residuals: number,
  below: number,
  above: number,
  g: number,
): void {
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    const r = heap.f64[residuals / 8 + i];
    x.add(i, 1, 0, r * (r < 0 ? below : above), g);
  }
}
