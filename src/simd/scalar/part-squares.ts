import type { Heap } from "./heap";

/** The scalar twin of the kernel: out[p] = the sum over j of m[j, p] x[j, p]^2. */
export function partSquares(
  { f64 }: Heap,
  count: number,
  parts: number,
  m: number,
  x: number,
  out: number,
): void {
  for (let p = 0; p < parts; p++) {
    let sum = 0;
    for (let i = p; i < count * parts; i += parts) sum += f64[m / 8 + i] * f64[x / 8 + i] ** 2;
    f64[out / 8 + p] = sum;
  }
}
