import type { Heap } from "./heap";

/** The scalar twin of the kernel: y += a x. */
export function axpy({ f64 }: Heap, count: number, a: number, x: number, y: number): void {
  for (let i = 0; i < count; i++) f64[y / 8 + i] += a * f64[x / 8 + i];
}
