import type { Heap } from "./heap";
import { logisticGradient } from "./logistic-gradient";
import { roughGradient } from "./rough-gradient";

/** The scalar twin of the kernel: a look at a point a step on. See `Kernels`. */
export function logisticTrial(
  heap: Heap,
  values: number,
  rows: number,
  columns: number,
  labels: number,
  positive: number,
  shares: number,
  residuals: number,
  curvatures: number,
  scratch: number,
  rough: number,
  strengths: number,
  units: number,
  t: number,
  w: number,
  g: number,
  p: number,
  next: number,
  nextG: number,
  pair: number,
  found: number,
): number {
  const n = columns + 1;
  const view = (at: number, length = n) => heap.f64.subarray(at / 8, at / 8 + length);
  const [from, before, step, to, slopes, unit] = [w, g, p, next, nextG, units].map((at) => view(at));
  const strength = view(strengths, columns);
  if (t !== 0) for (let j = 0; j < n; j++) to[j] = from[j] + t * step[j];
  slopes.fill(0);
  const places = [0, 0, values, rows, columns, labels, positive, shares, next, nextG] as const;
  const loss =
    rough === 0
      ? logisticGradient(heap, ...places, residuals, curvatures)
      : roughGradient(heap, ...places, residuals, curvatures, scratch);
  for (let j = 0; j < columns; j++) slopes[j] += strength[j] * to[j];
  const [norm, least, kept] = [0, 1, 2].map((n) => found / 8 + n);
  heap.f64[norm] = Math.sqrt(slopes.reduce((sum, slope, j) => sum + (slope * unit[j]) ** 2, 0));
  heap.f64[least] = strength.reduce((sum, s, j) => sum + slopes[j] ** 2 / s, 0) / 2;
  if (t !== 0) {
    const s = to.map((x, j) => x - from[j]);
    const y = slopes.map((x, j) => x - before[j]);
    view(pair).set(s);
    view(pair + 8 * n).set(y);
    const product = s.reduce((sum, x, j) => sum + x * y[j], 0);
    const steps = s.reduce((sum, x, j) => sum + (x / unit[j]) ** 2, 0);
    const changes = y.reduce((sum, x, j) => sum + (x * unit[j]) ** 2, 0);
    const good = product > 1e-6 * Math.sqrt(steps * changes);
    if (good) heap.f64[pair / 8 + 2 * n] = 1 / product;
    heap.f64[kept] = good ? 1 : 0;
  }
  return loss + strength.reduce((sum, s, j) => sum + s * to[j] ** 2, 0) / 2;
}
