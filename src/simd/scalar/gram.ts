import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: half of the Hessian over chosen parameters. See `Kernels`. */
export function gram(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  p: number,
  shares: number,
  starts: number,
  classes: number,
  size: number,
  H: number,
  _lists: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    const entries: { j: number; k: number; x: number }[] = [];
    const push = (column: number, value: number) => {
      if (shares === 0) {
        if (column < size) entries.push({ j: column, k: 0, x: value });
        return;
      }
      for (let j = u32[starts / 4 + column]; j < u32[starts / 4 + column + 1]; j++) {
        entries.push({ j, k: u32[classes / 4 + j], x: value });
      }
    };
    for (let e = x.begin(i); e < x.begin(i + 1); e++) push(x.column(i, e), x.value(e));
    push(columns, 1);
    const row = p / 8 + i * outputs;
    entries.forEach((a, n) => {
      for (const b of entries.slice(0, n + 1)) {
        const pa = f64[row + a.k];
        const pb = f64[row + b.k];
        const c = shares === 0 ? pa : f64[shares / 8 + i] * pa * (a.k === b.k ? 1 - pa : -pb);
        const [high, low] = b.k > a.k ? [b, a] : [a, b];
        f64[H / 8 + high.j * size + low.j] += c * a.x * b.x;
      }
    });
  }
}
