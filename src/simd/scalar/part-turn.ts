import type { Heap } from "./heap";

/** The scalar twin of the kernel: d[j, p] = m[j, p] r[j, p] + b[p] d[j, p]. */
export function partTurn(
  { f64 }: Heap,
  count: number,
  parts: number,
  b: number,
  m: number,
  r: number,
  d: number,
): void {
  for (let i = 0; i < count * parts; i++) {
    f64[d / 8 + i] = f64[m / 8 + i] * f64[r / 8 + i] + f64[b / 8 + (i % parts)] * f64[d / 8 + i];
  }
}
