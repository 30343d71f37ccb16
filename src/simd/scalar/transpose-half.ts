import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: g += X' r for the columns of one half of sparse rows. See `Kernels`. */
export function transposeHalf(
  heap: Heap,
  pointers: number,
  halves: number,
  indices: number,
  values: number,
  rows: number,
  r: number,
  g: number,
  half: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, 0);
  for (let i = 0; i < rows; i++) {
    const each = f64[r / 8 + i];
    if (each === 0) continue;
    const middle = u32[halves / 4 + i];
    const [from, to] = half === 0 ? [x.begin(i), middle] : [middle, x.begin(i + 1)];
    for (let k = from; k < to; k++) f64[g / 8 + x.column(i, k)] += each * x.value(k);
  }
}
