import { crossProduct } from "./cross-product";
import type { Heap } from "./heap";

const panel = 32;
const sparse = 32;

/** The scalar twin of the kernel: as `crossProduct`, in 32-bit floats within panels of 32 rows that are curved. See `Kernels`. */
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
  const { f32, f64, u32 } = heap;
  const starts = (i: number) => u32[pointers / 4 + i];
  const each = pointers === 0 ? columns : (starts(rows) - starts(0)) / Math.max(1, rows);
  if (pointers !== 0 && sparse * each * each <= columns * columns) {
    crossProduct(heap, pointers, indices, values, rows, columns, h, H, scratch);
    return;
  }
  const n = columns + 1;
  const x = (i: number, j: number) => {
    if (j === columns) return 1;
    if (pointers === 0) return f32[values / 4 + i * columns + j];
    for (let k = starts(i); k < starts(i + 1); k++) {
      if (u32[indices / 4 + k] === j) return values === 0 ? 1 : f32[values / 4 + k];
    }
    return 0;
  };
  const curved: number[] = [];
  for (let i = 0; i < rows; i++) if (f64[h / 8 + i] !== 0) curved.push(i);
  for (let first = 0; first < curved.length; first += panel) {
    const own = curved.slice(first, first + panel);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        for (const i of own) {
          const scaled = Math.fround(Math.fround(f64[h / 8 + i]) * x(i, j));
          sum = Math.fround(sum + Math.fround(scaled * x(i, k)));
        }
        f64[H / 8 + j * n + k] += sum;
      }
    }
  }
}
