import type { Heap } from "./heap";

/** The scalar twin of the kernel: x = L^-1 x. */
export function forwardSolve({ f64 }: Heap, n: number, stride: number, L: number, x: number): void {
  for (let i = 0; i < n; i++) {
    let sum = f64[x / 8 + i];
    for (let k = 0; k < i; k++) sum -= f64[L / 8 + i * stride + k] * f64[x / 8 + k];
    f64[x / 8 + i] = sum / f64[L / 8 + i * stride + i];
  }
}
