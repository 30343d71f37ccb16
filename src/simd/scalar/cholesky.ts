import type { Heap } from "./heap";

/** The scalar twin of the kernel: A = L L' in place; n, or the number of the first pivot not above `floor`. */
export function cholesky({ f64 }: Heap, n: number, A: number, floor: number): number {
  const a = A / 8;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = f64[a + i * n + j];
      for (let k = 0; k < j; k++) sum -= f64[a + i * n + k] * f64[a + j * n + k];
      if (j < i) f64[a + i * n + j] = sum / f64[a + j * n + j];
      else if (sum > floor) f64[a + i * n + i] = Math.sqrt(sum);
      else return i;
    }
  }
  return n;
}
