import { axpy } from "./axpy";
import { backwardSolve } from "./backward-solve";
import { cholesky } from "./cholesky";
import { forwardSolve } from "./forward-solve";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: to the minimum over the parameters that move. See `Kernels`. */
export function leapGram(
  heap: Heap,
  blocks: number,
  starts: number,
  members: number,
  l1: number,
  l2: number,
  lower: number,
  upper: number,
  w: number,
  size: number,
  H: number,
  q: number,
  room: number,
  work: number,
  state: number,
): number {
  const { f64, u32 } = heap;
  const parameter = (b: number) => u32[members / 4 + u32[starts / 4 + b]];
  const at = (table: number, b: number) => f64[table / 8 + b];
  const x = (b: number) => f64[w / 8 + parameter(b)];
  const choose = () => {
    const moving: number[] = [];
    for (let b = 0; b < blocks; b++) {
      if ((x(b) === 0 && at(l1, b) > 0) || x(b) <= at(lower, b) || x(b) >= at(upper, b)) continue;
      moving.push(b);
    }
    return moving.length > room ? [] : moving;
  };
  const endOf = (b: number, direction: number) => {
    const corner = at(l1, b) > 0;
    if (direction < 0) return corner && x(b) > 0 ? Math.max(0, at(lower, b)) : at(lower, b);
    return corner && x(b) < 0 ? Math.min(0, at(upper, b)) : at(upper, b);
  };
  const step = work / 8 + room * room;
  const solve = (moving: number[]) => {
    const n = moving.length;
    const units = moving.map((b) => 1 / Math.sqrt(f64[H / 8 + parameter(b) * (size + 1)] + at(l2, b)));
    moving.forEach((b, i) => {
      const row = H / 8 + parameter(b) * size;
      for (let j = 0; j < i; j++)
        f64[work / 8 + i * n + j] = f64[row + parameter(moving[j])] * units[i] * units[j];
      f64[work / 8 + i * n + i] = 1;
      f64[step + i] =
        -(f64[q / 8 + parameter(b)] + at(l2, b) * x(b) + at(l1, b) * Math.sign(x(b))) * units[i];
    });
    if (cholesky(heap, n, work, 1e-11) !== n) return false;
    forwardSolve(heap, n, n, work, 8 * step);
    backwardSolve(heap, n, n, work, 8 * step);
    units.forEach((unit, i) => {
      f64[step + i] *= unit;
    });
    return f64.subarray(step, step + n).every(Number.isFinite);
  };
  const move = (moving: number[]) => {
    const ends = moving.map((b, i) => endOf(b, f64[step + i]));
    let length = 1;
    let stopped = -1;
    moving.forEach((b, i) => {
      const reach = (ends[i] - x(b)) / f64[step + i];
      if (f64[step + i] === 0 || !(reach < length)) return;
      length = reach;
      stopped = i;
    });
    moving.forEach((b, i) => {
      const p = f64[step + i];
      const there = i === stopped ? ends[i] : x(b) + length * p;
      const next = p < 0 ? Math.max(there, ends[i]) : Math.min(there, ends[i]);
      axpy(heap, size, next - x(b), H + 8 * parameter(b) * size, q);
      f64[w / 8 + parameter(b)] = next;
    });
    return stopped >= 0;
  };
  let moving = choose();
  const rests = moving.length === f64[state / 8];
  f64[state / 8] = moving.length;
  if (moving.length === 0) return 0;
  const waited = ++f64[state / 8 + 1];
  if (moving.length ** 2 > 6 * size * Math.max(20, waited) || (!rests && waited < 5)) return 0;
  f64[state / 8 + 1] = 0;
  let moved = 0;
  for (let ends = 0; ends < 12 && moving.length > 0 && solve(moving); ends++) {
    moved = 1;
    if (!move(moving)) break;
    moving = choose();
  }
  return moved;
}
