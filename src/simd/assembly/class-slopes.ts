import { addRow, CSR, ONES } from "./row";

/**
 * q += X' r with r = p (y - mean), the slopes of the multinomial model for the parameters of one class: compressed rows of its
 * columns; where `size` is above `columns`, the last parameter is the intercept.
 */
export function classSlopes(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  p: usize,
  y: usize,
  mean: usize,
  size: u32,
  q: usize,
): void {
  if (values == 0) body(ONES, pointers, indices, values, rows, columns, p, y, mean, size, q);
  else body(CSR, pointers, indices, values, rows, columns, p, y, mean, size, q);
}

// @ts-expect-error: decorator
@inline
function body(
  kind: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  p: usize,
  y: usize,
  mean: usize,
  size: u32,
  q: usize,
): void {
  let sum: f64 = 0;
  let from: usize = load<u32>(pointers);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const to: usize = load<u32>(pointers + (i << 2), 4);
    const at = i << 3;
    const r = load<f64>(p + at) * (load<f64>(y + at) - load<f64>(mean + at));
    addRow(kind, indices, values, from, to, r, q);
    sum += r;
    from = to;
  }
  if (size > columns) {
    const last = q + ((<usize>columns) << 3);
    store<f64>(last, load<f64>(last) + sum);
  }
}
