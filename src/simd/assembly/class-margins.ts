import { CSR, dotRow, ONES } from "./row";

/**
 * Takes a step of one class's parameters into the multinomial model's rows: y += s X step, mean += p s X step. Compressed rows
 * of the class's columns; where `size` is above `columns`, the last parameter is the intercept.
 */
export function classMargins(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  size: u32,
  shares: usize,
  p: usize,
  step: usize,
  y: usize,
  mean: usize,
): void {
  if (values == 0) body(ONES, pointers, indices, values, rows, columns, size, shares, p, step, y, mean);
  else body(CSR, pointers, indices, values, rows, columns, size, shares, p, step, y, mean);
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
  size: u32,
  shares: usize,
  p: usize,
  step: usize,
  y: usize,
  mean: usize,
): void {
  const intercept = size > columns ? load<f64>(step + ((<usize>columns) << 3)) : 0;
  let from: usize = load<u32>(pointers);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const to: usize = load<u32>(pointers + (i << 2), 4);
    const at = i << 3;
    const change = load<f64>(shares + at) * (dotRow(kind, indices, values, from, to, step) + intercept);
    store<f64>(y + at, load<f64>(y + at) + change);
    store<f64>(mean + at, load<f64>(mean + at) + load<f64>(p + at) * change);
    from = to;
  }
}
