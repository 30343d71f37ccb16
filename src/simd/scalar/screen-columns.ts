import type { Heap } from "./heap";

/** The scalar twin of the kernel: products of the columns that may matter with numbers that move. See `Kernels`. */
export function screenColumns(
  { u32, f32, f64 }: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  from: number,
  to: number,
  r: number,
  way: number,
  bases: number,
  norms: number,
  c: number,
  w: number,
  corners: number,
  step: number,
  hold: number,
  centred: number,
  list: number,
  count: number,
): number {
  let found = 0;
  let read = 0;
  for (let j = from; j < to; j++) {
    const base = f64[bases / 8 + j];
    const least = hold * f64[(corners + j * step) / 8];
    const moves = f64[w / 8 + j] !== 0;
    if (!moves && base + f64[norms / 8 + j] * way < least) continue;
    let [product, total, square] = [0, 0, 0];
    for (let k = u32[pointers / 4 + j]; k < u32[pointers / 4 + j + 1]; k++) {
      const x = values === 0 ? 1 : f32[values / 4 + k];
      product += x * f64[r / 8 + u32[indices / 4 + k]];
      total += x;
      square += x * x;
      read++;
    }
    const spread = square * (1 + 1e-9) - (centred === 0 ? 0 : total ** 2 / rows);
    if (base === Number.POSITIVE_INFINITY) f64[norms / 8 + j] = Math.sqrt(Math.max(0, spread));
    f64[c / 8 + j] = product;
    f64[bases / 8 + j] = Math.abs(product) - f64[norms / 8 + j] * way;
    if (moves || Math.abs(product) > least) u32[list / 4 + found++] = j;
  }
  u32[count / 4] = found;
  return read;
}
