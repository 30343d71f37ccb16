import type { Heap } from "./heap";

/** The scalar twin of the kernel: x = L'^-1 x. */
export function backwardSolve({ f64 }: Heap, n: number, stride: number, L: number, x: number): void {
  for (let i = n - 1; i >= 0; i--) {
    const value = f64[x / 8 + i] / f64[L / 8 + i * stride + i];
    f64[x / 8 + i] = value;
    for (let k = 0; k < i; k++) f64[x / 8 + k] -= value * f64[L / 8 + i * stride + k];
  }
}
