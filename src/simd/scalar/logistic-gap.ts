import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: a bound of the duality gap. See `Kernels`. */
export function logisticGap(
  heap: Heap,
  values: number,
  rows: number,
  columns: number,
  shares: number,
  residuals: number,
  curvatures: number,
  strengths: number,
  w: number,
  scratch: number,
): number {
  const { f64 } = heap;
  const at = (place: number, i: number) => f64[place / 8 + i];
  const sides = [0, 0];
  const cubes = [0, 0];
  for (let i = 0; i < rows; i++) {
    const size = Math.abs(at(residuals, i));
    const side = at(residuals, i) < 0 ? 0 : 1;
    sides[side] += size;
    if (size !== 0) cubes[side] += size ** 3 / (at(shares, i) * at(curvatures, i));
  }
  const least = Math.min(...sides);
  const factors = sides.map((sum) => (sum === least ? 1 : least / sum));
  const matrix = new Rows(heap, 0, 0, values, columns);
  const slopes = scratch + 32;
  f64.fill(0, slopes / 8, slopes / 8 + columns + 1);
  for (let i = 0; i < rows; i++) {
    const r = at(residuals, i);
    matrix.add(i, 1, 0, r * factors[r < 0 ? 0 : 1], slopes);
  }
  let gap = 0;
  for (let j = 0; j < columns; j++) {
    gap += (at(strengths, j) * at(w, j) + at(slopes, j)) ** 2 / at(strengths, j) / 2;
  }
  factors.forEach((factor, side) => {
    if (factor !== 1) gap += ((1 - factor) ** 2 * (sides[side] / factor + cubes[side])) / 2;
  });
  return gap;
}
