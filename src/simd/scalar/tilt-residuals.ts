import type { Heap } from "./heap";

/** The scalar twin of the kernel: residuals with a factor for each sign, and how far they moved. See `Kernels`. */
export function tiltResiduals(
  { f64 }: Heap,
  rows: number,
  residuals: number,
  below: number,
  above: number,
  out: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const residual = f64[residuals / 8 + i];
    const r = residual * (residual < 0 ? below : above);
    sum += (r - f64[out / 8 + i]) ** 2;
    f64[out / 8 + i] = r;
  }
  return sum;
}
