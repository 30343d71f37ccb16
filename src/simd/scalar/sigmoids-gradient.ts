import { sigmoid, softplus } from "../../base/sigmoid";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: the weighted logistic losses of all classes. See `Kernels`. */
export function sigmoidsGradient(
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
  residuals: number,
  curvatures: number,
  losses: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  f64.fill(0, losses / 8, losses / 8 + outputs);
  for (let i = 0; i < rows; i++) {
    const share = f64[shares / 8 + i];
    for (let o = 0; o < outputs; o++) {
      const sign = u32[labels / 4 + i] === o ? -1 : 1;
      const z = sign * x.margin(i, outputs, o, w);
      const wrong = sigmoid(z);
      f64[losses / 8 + o] += share * softplus(z);
      f64[residuals / 8 + i * outputs + o] = sign * share * wrong;
      f64[curvatures / 8 + i * outputs + o] = share * wrong * sigmoid(-z);
      x.add(i, outputs, o, sign * share * wrong, g);
    }
  }
}
