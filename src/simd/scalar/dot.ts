import type { Heap } from "./heap";

/** The scalar twin of the kernel: the sum of x[i] y[i]. */
export function dot({ f64 }: Heap, count: number, x: number, y: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += f64[x / 8 + i] * f64[y / 8 + i];
  return sum;
}
