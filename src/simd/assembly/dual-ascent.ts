import { addRow, begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, ONES, Ones, storage } from "./row";
import { log1p } from "./softplus";

/**
 * Maximises the dual of the logistic loss over one row after another (Yu, Huang and Lin, 2011); see `Kernels`. A dual
 * variable a in (0, s) is kept with its logit z = log(a / (s - a)), which is what keeps digits near both ends. With
 * m the margin, t = m against the label, and q the curvature of the penalty's part along the row, the best z solves
 * z + q s sigmoid(z) = t + q a.
 */
export function dualAscent(
  pointers: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  inverses: usize,
  inverse: f64,
  drift: f64,
  norms: usize,
  alphas: usize,
  logits: usize,
  w: usize,
  divergences: usize,
  sums: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) {
    body<Dense>(pointers, indices, values, columns, order, count, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums);
  } else if (kind == CSR) {
    body<Csr>(pointers, indices, values, columns, order, count, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums);
  } else {
    body<Ones>(pointers, indices, values, columns, order, count, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums);
  }
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  inverses: usize,
  inverse: f64,
  drift: f64,
  norms: usize,
  alphas: usize,
  logits: usize,
  w: usize,
  divergences: usize,
  sums: usize,
): void {
  const kind = kindOf<T>();
  const intercept = w + ((<usize>columns) << 3);
  let violation: f64 = 0;
  let loss: f64 = 0;
  let energy: f64 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const i = load<u32>(order + ((<usize>k) << 2));
    const at = (<usize>i) << 3;
    const from = begin(kind, pointers, columns, i);
    const to = begin(kind, pointers, columns, i + 1);
    const product = dotRow(kind, indices, values, from, to, w);
    let norm = load<f64>(norms + at);
    if (norm == 0) {
      norm = squareRow(kind, indices, values, from, to, inverses, inverse);
      store<f64>(norms + at, norm);
    }
    const b = load<f64>(intercept);
    const hit = load<u32>(labels + ((<usize>i) << 2)) == positive;
    const t = hit ? -(product + b) : product + b;
    const e = NativeMath.exp(-abs<f64>(t));
    const s = load<f64>(shares + at);
    const a = load<f64>(alphas + at);
    const z = load<f64>(logits + at);
    loss += s * (max<f64>(t, 0) + log1p(e));
    const divergence = 0.5 * abs<f64>((t - z) * ((s * (t >= 0 ? 1 : e)) / (1 + e) - a));
    store<f64>(divergences + at, divergence);
    violation += divergence;
    const q = norm + drift;
    const next = root(q * s, t + q * a, z, t);
    const tail = NativeMath.exp(-abs<f64>(next));
    const alpha = (s * (next >= 0 ? 1 : tail)) / (1 + tail);
    store<f64>(logits + at, next);
    store<f64>(alphas + at, alpha);
    const r = hit ? alpha - a : a - alpha;
    if (r == 0) continue;
    store<f64>(intercept, b + drift * r);
    energy += r * (product + 0.5 * r * norm);
    if (inverses == 0) addRow(kind, indices, values, from, to, r * inverse, w);
    else addScaledRow(kind, indices, values, from, to, r, inverses, w);
  }
  store<f64>(sums, load<f64>(sums) + violation);
  store<f64>(sums, load<f64>(sums, 8) + loss, 8);
  store<f64>(sums, load<f64>(sums, 16) + energy, 16);
}

/**
 * The z with z + k sigmoid(z) = c, which lies between `a` and `b`. The left side rises, convex below 0 and concave
 * above, so Newton's steps from the end nearer to 0, or from 0 where it lies between, never pass the root.
 */
// @ts-expect-error: decorator
@inline
function root(k: f64, c: f64, a: f64, b: f64): f64 {
  let z = max<f64>(min<f64>(a, b), min<f64>(max<f64>(a, b), 0));
  for (let n = 0; n < 100; n++) {
    const e = NativeMath.exp(-abs<f64>(z));
    const p = (z >= 0 ? 1 : e) / (1 + e);
    const step = (c - z - k * p) / (1 + (k * e) / ((1 + e) * (1 + e)));
    z += step;
    if (!(abs<f64>(step) > 1e-7 * (1 + abs<f64>(z)))) break;
  }
  return z;
}

/** The sum of the squares of one row, each times the inverse strength of its column. */
// @ts-expect-error: decorator
@inline
function squareRow(kind: i32, indices: usize, values: usize, from: usize, to: usize, inverses: usize, inverse: f64): f64 {
  if (inverses == 0 && kind == ONES) return inverse * <f64>(to - from);
  if (inverses == 0) return inverse * squares(values + (from << 2), values + (to << 2));
  let sum: f64 = 0;
  for (let k = from; k < to; k++) {
    const x: f64 = kind == ONES ? 1 : <f64>load<f32>(values + (k << 2));
    const j = kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
    sum += x * x * load<f64>(inverses + (j << 3));
  }
  return sum;
}

/** The sum of the squares of 32-bit floats, four sums side by side, since each waits for the one before it. */
// @ts-expect-error: decorator
@inline
function squares(from: usize, to: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const x = v128.load(at);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
  }
  const both = f64x2.add(a, b);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; at < to; at += 4) {
    const x = <f64>load<f32>(at);
    sum += x * x;
  }
  return sum;
}

/** Adds `r` times one row to `w`, each value times the inverse strength of its column. */
// @ts-expect-error: decorator
@inline
function addScaledRow(kind: i32, indices: usize, values: usize, from: usize, to: usize, r: f64, inverses: usize, w: usize): void {
  for (let k = from; k < to; k++) {
    const x: f64 = kind == ONES ? 1 : <f64>load<f32>(values + (k << 2));
    const j = (kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2))) << 3;
    store<f64>(w + j, load<f64>(w + j) + r * x * load<f64>(inverses + j));
  }
}
