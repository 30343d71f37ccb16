import { sweepBlocks } from "./block";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: a sweep on a dense quadratic model. See `Kernels`. */
export function descendGram(
  heap: Heap,
  list: number,
  count: number,
  starts: number,
  members: number,
  l1: number,
  l2: number,
  lower: number,
  upper: number,
  units: number,
  d: number,
  w: number,
  _v: number,
  size: number,
  H: number,
  q: number,
): number {
  const { f64 } = heap;
  return sweepBlocks(
    heap,
    { list, count, starts, members, l1, l2, lower, upper, units, d, w },
    {
      slope: (j) => f64[q / 8 + j],
      move(j, step) {
        for (let a = 0; a < size; a++) f64[q / 8 + a] += step * f64[H / 8 + j * size + a];
      },
    },
  );
}
