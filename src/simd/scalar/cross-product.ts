import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: H += [X 1]' diag(h) [X 1], the lower triangle; `scratch` is left alone. */
export function crossProduct(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  h: number,
  H: number,
  _scratch: number,
): void {
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  const n = columns + 1;
  for (let i = 0; i < rows; i++) {
    const curvature = f64[h / 8 + i];
    for (let k = x.begin(i); k < x.begin(i + 1); k++) {
      const a = curvature * x.value(k);
      const row = H / 8 + x.column(i, k) * n;
      for (let l = x.begin(i); l <= k; l++) f64[row + x.column(i, l)] += a * x.value(l);
      f64[H / 8 + columns * n + x.column(i, k)] += a;
    }
    f64[H / 8 + columns * n + columns] += curvature;
  }
}
