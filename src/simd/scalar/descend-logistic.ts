import { sweepBlocks } from "./block";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: a sweep on the logistic model by columns. See `Kernels`. */
export function descendLogistic(
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
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  h: number,
  r: number,
): number {
  const { f64, f32, u32 } = heap;
  const each = (j: number, visit: (i: number, x: number) => void) => {
    if (j === columns) for (let i = 0; i < rows; i++) visit(i, 1);
    else {
      for (let k = u32[pointers / 4 + j]; k < u32[pointers / 4 + j + 1]; k++) {
        visit(u32[indices / 4 + k], values === 0 ? 1 : f32[values / 4 + k]);
      }
    }
  };
  return sweepBlocks(
    heap,
    { list, count, starts, members, l1, l2, lower, upper, units, d, w },
    {
      slope(j) {
        let sum = 0;
        each(j, (i, x) => {
          sum += x * f64[r / 8 + i];
        });
        return sum;
      },
      move(j, step) {
        each(j, (i, x) => {
          f64[r / 8 + i] += step * x * f64[h / 8 + i];
        });
      },
    },
  );
}
