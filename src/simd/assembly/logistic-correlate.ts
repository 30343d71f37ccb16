import { addRow, begin, Csr, CSR, DENSE, Dense, kindOf, Ones, storage } from "./row";

/** g += X' r, and the sum of r to the intercept behind, with residuals below and above zero times a factor each. */
export function logisticCorrelate(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  residuals: usize,
  below: f64,
  above: f64,
  g: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, residuals, below, above, g);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, residuals, below, above, g);
  else body<Ones>(pointers, indices, values, rows, columns, residuals, below, above, g);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  residuals: usize,
  below: f64,
  above: f64,
  g: usize,
): void {
  const kind = kindOf<T>();
  let sum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const residual = load<f64>(residuals + ((<usize>i) << 3));
    const r = residual * (residual < 0 ? below : above);
    addRow(kind, indices, values, from, to, r, g);
    sum += r;
    from = to;
  }
  const b = g + ((<usize>columns) << 3);
  store<f64>(b, load<f64>(b) + sum);
}
