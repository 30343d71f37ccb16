import type { Heap } from "./heap";

/** The scalar twin of the kernel: out[p] = the sum over j of x[j, p] y[j, p]. */
export function partDots(
  { f64 }: Heap,
  count: number,
  parts: number,
  x: number,
  y: number,
  out: number,
): void {
  for (let p = 0; p < parts; p++) {
    let sum = 0;
    for (let i = p; i < count * parts; i += parts) sum += f64[x / 8 + i] * f64[y / 8 + i];
    f64[out / 8 + p] = sum;
  }
}
