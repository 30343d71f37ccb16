import type { Heap } from "./heap";

/** The scalar twin of the kernel: sums over the residuals of each sign. See `Kernels`. */
export function logisticSides(
  { f64 }: Heap,
  rows: number,
  shares: number,
  residuals: number,
  curvatures: number,
  out: number,
): void {
  for (let i = 0; i < rows; i++) {
    const r = f64[residuals / 8 + i];
    const side = out / 8 + (r < 0 ? 0 : 2);
    f64[side] += Math.abs(r);
    if (r !== 0) f64[side + 1] += Math.abs(r) ** 3 / (f64[shares / 8 + i] * f64[curvatures / 8 + i]);
  }
}
