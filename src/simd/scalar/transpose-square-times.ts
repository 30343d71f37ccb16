import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: as `transposeTimes`, with each value of X squared. */
export function transposeSquareTimes(
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
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) {
      const factor = f64[r / 8 + i * outputs + o];
      for (let k = x.begin(i); k < x.begin(i + 1); k++) {
        f64[g / 8 + x.column(i, k) * outputs + o] += factor * x.value(k) ** 2;
      }
      f64[g / 8 + columns * outputs + o] += factor;
    }
  }
}
