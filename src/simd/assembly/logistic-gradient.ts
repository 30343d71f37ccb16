import { addRow, begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, Ones, storage } from "./row";
import { log1p } from "./softplus";

/**
 * The weighted logistic loss in one pass: adds its gradient to `g`, writes each row's residual s (p - y) and
 * curvature s p (1 - p), and returns the sum. The target is one where the label is `positive`. With z the margin
 * against the label and e = exp(-|z|): loss = max(z, 0) + log(1 + e), and 1 / (1 + exp(-z)) is 1 / (1 + e) for
 * z >= 0, else e / (1 + e), so nothing overflows.
 */
export function logisticGradient(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  w: usize,
  g: usize,
  residuals: usize,
  curvatures: usize,
): f64 {
  const kind = storage(pointers, values);
  if (kind == DENSE)
    return body<Dense>(pointers, indices, values, rows, columns, labels, positive, shares, w, g, residuals, curvatures);
  if (kind == CSR)
    return body<Csr>(pointers, indices, values, rows, columns, labels, positive, shares, w, g, residuals, curvatures);
  return body<Ones>(pointers, indices, values, rows, columns, labels, positive, shares, w, g, residuals, curvatures);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  w: usize,
  g: usize,
  residuals: usize,
  curvatures: usize,
): f64 {
  const kind = kindOf<T>();
  const b = (<usize>columns) << 3;
  let sum: f64 = 0;
  let residualSum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const margin = dotRow(kind, indices, values, from, to, w) + load<f64>(w + b);
    const hit = load<u32>(labels + ((<usize>i) << 2)) == positive;
    const z = hit ? -margin : margin;
    const e = NativeMath.exp(-abs<f64>(z));
    const share = load<f64>(shares + ((<usize>i) << 3));
    sum += share * (max<f64>(z, 0) + log1p(e));
    const wrong = share * ((z >= 0 ? 1 : e) / (1 + e));
    const r = hit ? -wrong : wrong;
    store<f64>(residuals + ((<usize>i) << 3), r);
    store<f64>(curvatures + ((<usize>i) << 3), (share * e) / ((1 + e) * (1 + e)));
    addRow(kind, indices, values, from, to, r, g);
    residualSum += r;
    from = to;
  }
  store<f64>(g + b, load<f64>(g + b) + residualSum);
  return sum;
}
