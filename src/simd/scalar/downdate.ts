import type { Heap } from "./heap";

/** The scalar twin of the kernel: A = A - U U' in some rows of the lower triangle. */
export function downdate(
  { f64 }: Heap,
  from: number,
  to: number,
  stride: number,
  rank: number,
  U: number,
  A: number,
): void {
  for (let i = from; i < to; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += f64[U / 8 + i * rank + k] * f64[U / 8 + j * rank + k];
      f64[A / 8 + i * stride + j] -= sum;
    }
  }
}
