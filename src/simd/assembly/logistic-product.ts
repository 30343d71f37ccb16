import { addRow, begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, Ones, storage } from "./row";

/** out += X' diag(h) X v with the intercept as a last column of ones: the product with the logistic Hessian. */
export function logisticProduct(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  curvatures: usize,
  v: usize,
  out: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, curvatures, v, out);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, curvatures, v, out);
  else body<Ones>(pointers, indices, values, rows, columns, curvatures, v, out);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  curvatures: usize,
  v: usize,
  out: usize,
): void {
  const kind = kindOf<T>();
  const b = (<usize>columns) << 3;
  let sum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const h = load<f64>(curvatures + ((<usize>i) << 3));
    const r = h * (dotRow(kind, indices, values, from, to, v) + load<f64>(v + b));
    addRow(kind, indices, values, from, to, r, out);
    sum += r;
    from = to;
  }
  store<f64>(out + b, load<f64>(out + b) + sum);
}
