import { addFour, dotFour } from "./four-rows";
import { addRow, begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, Ones, storage } from "./row";
import { expPair, log1pPair } from "./sigmoid-pair";

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
  const intercept = load<f64>(w + b);
  let sum = f64x2.splat(0);
  let residualSum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  const fours: u32 = kind == DENSE ? rows & ~3 : 0;
  for (let i: u32 = 0; i < fours; i += 4) {
    const at = (<usize>i) << 3;
    const row = values + (from << 2);
    const bytes = (<usize>columns) << 2;
    // Margins wait where the residuals will be.
    dotFour(row, bytes, w, residuals + at);
    const first = half(labels, positive, i, shares + at, intercept, residuals + at, curvatures + at);
    const second = half(labels, positive, i + 2, shares + at + 16, intercept, residuals + at + 16, curvatures + at + 16);
    sum = f64x2.add(sum, f64x2.add(first, second));
    addFour(row, bytes, residuals + at, g);
    residualSum += load<f64>(residuals + at) + load<f64>(residuals + at, 8) + (load<f64>(residuals + at, 16) + load<f64>(residuals + at, 24));
    from += (<usize>columns) << 2;
  }
  const pairs = rows & ~1;
  for (let i: u32 = fours; i < pairs; i += 2) {
    const middle = begin(kind, pointers, columns, i + 1);
    const to = begin(kind, pointers, columns, i + 2);
    const at = (<usize>i) << 3;
    const margins = f64x2(
      dotRow(kind, indices, values, from, middle, w) + intercept,
      dotRow(kind, indices, values, middle, to, w) + intercept,
    );
    const hit = load<u64>(labels + ((<usize>i) << 2));
    const signs = f64x2(<u32>hit == positive ? -1 : 1, <u32>(hit >> 32) == positive ? -1 : 1);
    sum = f64x2.add(sum, logistic(margins, signs, v128.load(shares + at), residuals + at, curvatures + at));
    const first = load<f64>(residuals + at);
    const second = load<f64>(residuals + at, 8);
    addRow(kind, indices, values, from, middle, first, g);
    addRow(kind, indices, values, middle, to, second, g);
    residualSum += first + second;
    from = to;
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (pairs < rows) {
    const to = begin(kind, pointers, columns, rows);
    const at = (<usize>pairs) << 3;
    const margin = dotRow(kind, indices, values, from, to, w) + intercept;
    const sign: f64 = load<u32>(labels + ((<usize>pairs) << 2)) == positive ? -1 : 1;
    const share = load<f64>(shares + at);
    const last = one(margin, sign, share, residuals + at, curvatures + at);
    total += last;
    const r = load<f64>(residuals + at);
    addRow(kind, indices, values, from, to, r, g);
    residualSum += r;
  }
  store<f64>(g + b, load<f64>(g + b) + residualSum);
  return total;
}

/** As {@link logistic}, with the margins but for the intercept where the residuals will be. */
// @ts-expect-error: decorator
@inline
export function half(labels: usize, positive: u32, i: u32, shares: usize, intercept: f64, residuals: usize, curvatures: usize): v128 {
  const hit = load<u64>(labels + ((<usize>i) << 2));
  const signs = f64x2(<u32>hit == positive ? -1 : 1, <u32>(hit >> 32) == positive ? -1 : 1);
  const margins = f64x2.add(v128.load(residuals), f64x2.splat(intercept));
  return logistic(margins, signs, v128.load(shares), residuals, curvatures);
}

/** Writes residuals and curvatures of two rows, and returns their losses. */
// @ts-expect-error: decorator
@inline
function logistic(margins: v128, signs: v128, shares: v128, residuals: usize, curvatures: usize): v128 {
  const z = f64x2.mul(margins, signs);
  const e = expPair(f64x2.neg(f64x2.abs(z)));
  const one = f64x2.splat(1);
  const right = f64x2.div(one, f64x2.add(one, e));
  const wrong = f64x2.mul(e, right);
  const zero = f64x2.splat(0);
  const residual = f64x2.mul(shares, v128.bitselect(right, wrong, f64x2.ge(z, zero)));
  v128.store(residuals, f64x2.mul(signs, residual));
  v128.store(curvatures, f64x2.mul(f64x2.mul(shares, wrong), right));
  return f64x2.mul(shares, f64x2.add(f64x2.max(z, zero), log1pPair(e)));
}

/** The same for one row. */
// @ts-expect-error: decorator
@inline
export function one(margin: f64, sign: f64, share: f64, residual: usize, curvature: usize): f64 {
  const z = f64x2.splat(margin * sign);
  const e = expPair(f64x2.neg(f64x2.abs(z)));
  const right = 1 / (1 + f64x2.extract_lane(e, 0));
  const wrong = f64x2.extract_lane(e, 0) * right;
  store<f64>(residual, sign * (share * (margin * sign >= 0 ? right : wrong)));
  store<f64>(curvature, share * wrong * right);
  return share * (max<f64>(margin * sign, 0) + f64x2.extract_lane(log1pPair(e), 0));
}
