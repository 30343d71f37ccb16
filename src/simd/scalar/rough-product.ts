import { crossProduct } from "./cross-product";
import type { Heap } from "./heap";

const panel = 32;

/** The scalar twin of the kernel: as `crossProduct`, dense rows in 32-bit floats within panels of 32. See `Kernels`. */
export function roughProduct(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  h: number,
  H: number,
  scratch: number,
): void {
  if (pointers !== 0) {
    crossProduct(heap, pointers, indices, values, rows, columns, h, H, scratch);
    return;
  }
  const { f32, f64 } = heap;
  const n = columns + 1;
  const x = (i: number, j: number) => (j < columns ? f32[values / 4 + i * columns + j] : 1);
  for (let first = 0; first < rows; first += panel) {
    const last = Math.min(rows, first + panel);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        for (let i = first; i < last; i++) {
          const scaled = Math.fround(Math.fround(f64[h / 8 + i]) * x(i, j));
          sum = Math.fround(sum + Math.fround(scaled * x(i, k)));
        }
        f64[H / 8 + j * n + k] += sum;
      }
    }
  }
}
