import { cholesky } from "./cholesky";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: the factor of a matrix whose rows and columns are scaled. See `Kernels`. */
export function scaledCholesky(
  heap: Heap,
  n: number,
  H: number,
  units: number,
  diagonal: number,
  L: number,
  floor: number,
): number {
  const { f64 } = heap;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      f64[L / 8 + i * n + j] = f64[H / 8 + i * n + j] * f64[units / 8 + i] * f64[units / 8 + j];
    }
    f64[L / 8 + i * n + i] = diagonal;
  }
  return cholesky(heap, n, L, floor);
}
