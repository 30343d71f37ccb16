import { sigmoid } from "../../base/sigmoid";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: derivatives of the logistic loss along a line. See `Kernels`. */
export function logisticLine(
  { f64, u32 }: Heap,
  rows: number,
  labels: number,
  positive: number,
  shares: number,
  margins: number,
  moves: number,
  t: number,
  out: number,
): void {
  let slope = 0;
  let bend = 0;
  for (let i = 0; i < rows; i++) {
    const sign = u32[labels / 4 + i] === positive ? -1 : 1;
    const q = f64[moves / 8 + i];
    const m = f64[margins / 8 + i] + t * q;
    const s = f64[shares / 8 + i];
    slope += s * sigmoid(sign * m) * sign * q;
    bend += s * q * q * sigmoid(m) * sigmoid(-m);
  }
  f64[out / 8] = slope;
  f64[out / 8 + 1] = bend;
}
