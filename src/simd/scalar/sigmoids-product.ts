import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: out += the logistic Hessian of each output times its part of v. */
export function sigmoidsProduct(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  curvatures: number,
  v: number,
  out: number,
  scratch: number,
): void {
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) {
      const r = f64[curvatures / 8 + i * outputs + o] * x.margin(i, outputs, o, v);
      f64[scratch / 8 + o] = r;
      x.add(i, outputs, o, r, out);
    }
  }
}
