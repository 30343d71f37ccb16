import type { Heap } from "./heap";

/** The scalar twin of the kernel: y[j, p] += a[p] x[j, p]. */
export function partAxpy({ f64 }: Heap, count: number, parts: number, a: number, x: number, y: number): void {
  for (let i = 0; i < count * parts; i++) f64[y / 8 + i] += f64[a / 8 + (i % parts)] * f64[x / 8 + i];
}
