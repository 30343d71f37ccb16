import type { Heap } from "./heap";
import { logisticFour } from "./logistic-four";
import { logisticGradient } from "./logistic-gradient";

const panel = 64;
const single = Math.fround;

/** The scalar twin of the kernel: as `logisticGradient`, in 32-bit floats within a row and over 64 of them. See `Kernels`. */
export function roughGradient(
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
  _scratch: number,
): number {
  const places = [pointers, indices, values, rows, columns] as const;
  if (pointers !== 0) {
    return logisticGradient(heap, ...places, labels, positive, shares, w, g, residuals, curvatures);
  }
  const { f32, f64, u32 } = heap;
  const x = (i: number, j: number) => f32[values / 4 + i * columns + j];
  const product = (i: number, j: number) => single(x(i, j) * single(f64[w / 8 + j]));
  const lane = (i: number, first: number, whole: number) => {
    let sum = 0;
    for (let j = first; j < whole; j += 4) sum = single(sum + product(i, j));
    return sum;
  };
  let total = 0;
  for (let first = 0; first < rows; first += panel) {
    const end = Math.min(rows, first + panel);
    const fours = first + 4 * Math.floor((end - first) / 4);
    const sums = new Float32Array(columns);
    for (let i = first; i < end; i++) {
      const whole = i < fours ? columns - (columns % 4) : 0;
      const [a, b, c, d] = [0, 1, 2, 3].map((at) => lane(i, at, whole));
      let margin = single(single(a + b) + single(c + d));
      for (let j = whole; j < columns; j++) margin = single(margin + product(i, j));
      const sign = u32[labels / 4 + i] === positive ? -1 : 1;
      const { loss, wrong, curvature } = logisticFour(single(margin + single(f64[w / 8 + columns])) * sign);
      const share = f64[shares / 8 + i];
      total += share * loss;
      f64[residuals / 8 + i] = share * sign * wrong;
      f64[curvatures / 8 + i] = share * curvature;
      f64[g / 8 + columns] += f64[residuals / 8 + i];
    }
    const part = (i: number, j: number) => single(single(f64[residuals / 8 + i]) * x(i, j));
    for (let j = 0; j < columns; j++) {
      for (let i = first; i < fours; i += 4) {
        const ab = single(part(i, j) + part(i + 1, j));
        sums[j] += single(ab + single(part(i + 2, j) + part(i + 3, j)));
      }
      for (let i = fours; i < end; i++) sums[j] += part(i, j);
      f64[g / 8 + j] += sums[j];
    }
  }
  return total;
}
