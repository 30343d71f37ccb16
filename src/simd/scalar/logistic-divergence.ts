import type { Heap } from "./heap";

/** The scalar twin of the kernel: the divergence of scaled residuals. See `Kernels`. */
export function logisticDivergence(
  { f64 }: Heap,
  rows: number,
  shares: number,
  residuals: number,
  curvatures: number,
  below: number,
  above: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const r = f64[residuals / 8 + i];
    const factor = r < 0 ? below : above;
    if (r === 0 || factor === 1) continue;
    const share = f64[shares / 8 + i];
    const p = Math.abs(r) / share;
    const right = f64[curvatures / 8 + i] / Math.abs(r);
    const first = factor > 0 ? factor * p * Math.log(factor) : 0;
    const divergence = first + (1 - factor * p) * Math.log1p(((1 - factor) * p) / right);
    sum += share * (divergence > 0 ? divergence : divergence <= 0 ? 0 : divergence);
  }
  return sum;
}
