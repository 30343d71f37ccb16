import { softmaxInPlace } from "../../base/sigmoid";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: the weighted multinomial loss; its gradient is added to g. See `Kernels`. */
export function softmaxGradient(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  labels: number,
  shares: number,
  w: number,
  g: number,
  probabilities: number,
  scratch: number,
): number {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const p = probabilities / 8 + i * outputs;
    for (let o = 0; o < outputs; o++) f64[p + o] = x.margin(i, outputs, o, w);
    const label = u32[labels / 4 + i];
    const share = f64[shares / 8 + i];
    const margin = f64[p + label];
    sum += share * (softmaxInPlace(f64, p, outputs) - margin);
    let others = 0;
    for (let o = 0; o < outputs; o++) if (o !== label) others += f64[p + o];
    for (let o = 0; o < outputs; o++) {
      f64[scratch / 8 + o] = share * (o === label ? -others : f64[p + o]);
      x.add(i, outputs, o, f64[scratch / 8 + o], g);
    }
  }
  return sum;
}
