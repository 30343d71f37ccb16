import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: residuals by a quadratic model. See `Kernels`. */
export function aheadResiduals(
  heap: Heap,
  values: number,
  rows: number,
  columns: number,
  step: number,
  curvatures: number,
  residuals: number,
  out: number,
): void {
  const { f64 } = heap;
  const matrix = new Rows(heap, 0, 0, values, columns);
  for (let i = 0; i < rows; i++) {
    f64[out / 8 + i] = f64[residuals / 8 + i] + f64[curvatures / 8 + i] * matrix.margin(i, 1, 0, step);
  }
}

/** The scalar twin of the kernel: a bound of a divergence by squares. See `Kernels`. */
export function squareDivergence(
  { f64 }: Heap,
  rows: number,
  shares: number,
  residuals: number,
  curvatures: number,
  others: number,
  below: number,
  above: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const [r, x] = [f64[residuals / 8 + i], f64[others / 8 + i]];
    const other = x * (x < 0 ? below : above);
    if (other === r) continue;
    const outside = other * r < 0 || Math.abs(other) > f64[shares / 8 + i];
    sum += outside ? Number.POSITIVE_INFINITY : (other - r) ** 2 / f64[curvatures / 8 + i];
  }
  return sum;
}
