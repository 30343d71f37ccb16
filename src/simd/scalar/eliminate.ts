import type { Heap } from "./heap";

/** The scalar twin of the kernel: B = L^-1 B, then C = B' B, the lower triangle. */
export function eliminate({ f64 }: Heap, size: number, width: number, L: number, B: number, C: number): void {
  const [l, b, c] = [L / 8, B / 8, C / 8];
  for (let i = 0; i < size; i++) {
    for (let o = 0; o < width; o++) {
      let sum = f64[b + i * width + o];
      for (let k = 0; k < i; k++) sum -= f64[l + i * size + k] * f64[b + k * width + o];
      f64[b + i * width + o] = sum / f64[l + i * size + i];
    }
  }
  for (let p = 0; p < width; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += f64[b + i * width + p] * f64[b + i * width + q];
      f64[c + p * width + q] = sum;
    }
  }
}
