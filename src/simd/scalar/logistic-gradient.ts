import { sigmoid, softplus } from "../../base/sigmoid";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: the weighted logistic loss; its gradient is added to g. See `Kernels`. */
export function logisticGradient(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  labels: number,
  positive: number,
  shares: number,
  w: number,
  g: number,
  residuals: number,
  curvatures: number,
): number {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const margin = x.margin(i, 1, 0, w);
    const sign = u32[labels / 4 + i] === positive ? -1 : 1;
    const share = f64[shares / 8 + i];
    const wrong = sigmoid(sign * margin);
    sum += share * softplus(sign * margin);
    f64[residuals / 8 + i] = sign * share * wrong;
    f64[curvatures / 8 + i] = share * wrong * sigmoid(-sign * margin);
    x.add(i, 1, 0, sign * share * wrong, g);
  }
  return sum;
}
