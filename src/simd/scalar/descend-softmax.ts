import { sweepBlocks } from "./block";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: a sweep on the multinomial model by columns. See `Kernels`. */
export function descendSoftmax(
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
  outputs: number,
  features: number,
  classes: number,
  shares: number,
  p: number,
  g: number,
  y: number,
  mean: number,
): number {
  const { f64, f32, u32 } = heap;
  const each = (j: number, visit: (i: number, at: number, x: number) => void) => {
    const k = u32[classes / 4 + j];
    const column = u32[features / 4 + j];
    if (column === columns) for (let i = 0; i < rows; i++) visit(i, i * outputs + k, 1);
    else {
      for (let e = u32[pointers / 4 + column]; e < u32[pointers / 4 + column + 1]; e++) {
        const i = u32[indices / 4 + e];
        visit(i, i * outputs + k, values === 0 ? 1 : f32[values / 4 + e]);
      }
    }
  };
  return sweepBlocks(
    heap,
    { list, count, starts, members, l1, l2, lower, upper, units, d, w },
    {
      slope(j) {
        let sum = f64[g / 8 + j];
        each(j, (i, at, x) => {
          sum += x * f64[p / 8 + at] * (f64[y / 8 + at] - f64[mean / 8 + i]);
        });
        return sum;
      },
      move(j, step) {
        each(j, (i, at, x) => {
          const change = step * x * f64[shares / 8 + i];
          f64[y / 8 + at] += change;
          f64[mean / 8 + i] += f64[p / 8 + at] * change;
        });
      },
    },
  );
}
