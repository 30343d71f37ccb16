import type { Heap } from "./heap";

/** The scalar twin of the kernel: X = (L L')^-1 X. */
export function choleskySolve({ f64 }: Heap, n: number, L: number, outputs: number, X: number): void {
  const [l, x] = [L / 8, X / 8];
  for (let k = 0; k < outputs; k++) {
    for (let i = 0; i < n; i++) {
      let sum = f64[x + i * outputs + k];
      for (let j = 0; j < i; j++) sum -= f64[l + i * n + j] * f64[x + j * outputs + k];
      f64[x + i * outputs + k] = sum / f64[l + i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = f64[x + i * outputs + k];
      for (let j = i + 1; j < n; j++) sum -= f64[l + j * n + i] * f64[x + j * outputs + k];
      f64[x + i * outputs + k] = sum / f64[l + i * n + i];
    }
  }
}
