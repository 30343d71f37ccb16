import { backwardSolve } from "./backward-solve";
import { forwardSolve } from "./forward-solve";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: the two loops of a quasi-Newton step. See `Kernels`. */
export function quasiStep(
  heap: Heap,
  n: number,
  L: number,
  units: number,
  count: number,
  pairs: number,
  g: number,
  p: number,
): number {
  const view = (at: number, length = n) => heap.f64.subarray(at / 8, at / 8 + length);
  const [unit, gradient, step] = [view(units), view(g), view(p)];
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, j) => sum + value * y[j], 0);
  const add = (a: number, x: Float64Array) => {
    for (let j = 0; j < n; j++) step[j] += a * x[j];
  };
  const all = Array.from({ length: count }, (_, k) => {
    const at = pairs + 8 * k * (2 * n + 2);
    return { s: view(at), y: view(at + 8 * n), rest: view(at + 16 * n, 2) };
  });
  for (let j = 0; j < n; j++) step[j] = -gradient[j];
  for (const { s, y, rest } of all.slice().reverse()) {
    rest[1] = rest[0] * dot(s, step);
    add(-rest[1], y);
  }
  for (let j = 0; j < n; j++) step[j] *= unit[j];
  forwardSolve(heap, n, n, L, p);
  backwardSolve(heap, n, n, L, p);
  for (let j = 0; j < n; j++) step[j] *= unit[j];
  for (const { s, y, rest } of all) add(rest[1] - rest[0] * dot(y, step), s);
  return dot(gradient, step);
}
