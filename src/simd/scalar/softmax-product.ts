import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: out += the multinomial Hessian times v. */
export function softmaxProduct(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  outputs: number,
  shares: number,
  probabilities: number,
  v: number,
  out: number,
  scratch: number,
): void {
  const { f64 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let i = 0; i < rows; i++) {
    // Dense rows go by twos, an odd one behind them.
    const t = scratch / 8 + (pointers === 0 && i < rows - (rows % 2) ? (i % 2) * outputs : 0);
    const p = probabilities / 8 + i * outputs;
    let mean = 0;
    for (let o = 0; o < outputs; o++) {
      f64[t + o] = x.margin(i, outputs, o, v);
      mean += f64[p + o] * f64[t + o];
    }
    for (let o = 0; o < outputs; o++) {
      f64[t + o] = f64[shares / 8 + i] * f64[p + o] * (f64[t + o] - mean);
      x.add(i, outputs, o, f64[t + o], out);
    }
  }
}
