import { addRow, begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, ONES, Ones, storage } from "./row";
import { log1p } from "./softplus";

/** Which threads work on a row: this one alone, or it and another on one half each. */
const ALONE: u32 = 2;
/** The places of what threads meet in, in bytes: whether the second one is there, and whether the first one has begun, with it or not. */
const THERE: usize = 0;
const BEGUN: usize = 4;
const WITH: i32 = 1;
const WITHOUT: i32 = 2;
/**
 * Then, for either: how many groups of rows it has read, on a line of the cache of its own; what it read of the rows of a group, twice,
 * since the other may still look at the one before; and how far it moves each.
 */
const SIDES: usize = 64;
const SIDE: usize = 1024;
const READ: usize = 64;
const ROUND: usize = 256;
const NORMS: usize = 128;
const MOVES: usize = 576;
/** How often a thread looks for the other one before it begins without. */
const PATIENCE: i32 = 300000;
/** How often a thread looks again before it sleeps: the other is a fraction of a microsecond behind, unless it does not run. */
const SPINS: i32 = 200000;
/** Twice how far from a root a step may end. */
const NEAR: f64 = 1e-9;
/** Nanoseconds of sleep. */
const NAP: i64 = 50000;

/**
 * Maximises the dual of the logistic loss over one row after another (Yu, Huang and Lin, 2011), or over a few at a time as if each
 * were alone; see `Kernels`. A dual variable a in (0, s) is kept with its logit z = log(a / (s - a)), which is what keeps digits near
 * both ends. With m the margin, t = m against the label, and q the curvature of the penalty's part along the row, the best z solves
 * z + q s sigmoid(z) = t + q a.
 */
export function dualAscent(
  pointers: usize,
  halves: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  together: u32,
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
  pair: usize,
  half: u32,
): u32 {
  let own = half;
  if (half == 0) own = begun(pair) ? 0 : ALONE;
  else if (half == 1 && !joined(pair)) return 0;
  const kind = storage(pointers, values);
  if (kind == DENSE) return body<Dense>(pointers, halves, indices, values, columns, order, count, together, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums, pair, own);
  if (kind == CSR) return body<Csr>(pointers, halves, indices, values, columns, order, count, together, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums, pair, own);
  return body<Ones>(pointers, halves, indices, values, columns, order, count, together, labels, positive, shares, inverses, inverse, drift, norms, alphas, logits, w, divergences, sums, pair, own);
}

function body<T>(
  pointers: usize,
  halves: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  together: u32,
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
  pair: usize,
  half: u32,
): u32 {
  const kind = kindOf<T>();
  const intercept = w + ((<usize>columns) << 3);
  const side = pair + SIDES + (half == 1 ? SIDE : 0);
  const other = pair + SIDES + (half == 1 ? 0 : SIDE);
  const moves = side + MOVES;
  let violation = load<f64>(sums);
  let loss = load<f64>(sums, 8);
  let energy = load<f64>(sums, 16);
  let bend = load<f64>(sums, 24);
  let b = load<f64>(intercept);
  let naps: u32 = 0;
  let round: i32 = 0;
  for (let first: u32 = 0; first < count; first += together) {
    const rows = order + ((<usize>first) << 2);
    const size = (<usize>min<u32>(together, count - first)) << 3;
    const place = READ + ((<usize>(round & 1)) * ROUND);
    for (let c: usize = 0; c < size; c += 8) {
      const i = load<u32>(rows + (c >> 1));
      const at = (<usize>i) << 3;
      const from = begin(kind, pointers, columns, i);
      const to = begin(kind, pointers, columns, i + 1);
      const middle = halves == 0 ? to : <usize>load<u32>(halves + ((<usize>i) << 2));
      const met = load<f64>(norms + at) != 0;
      let product: f64 = 0;
      let norm: f64 = 0;
      if (half != 1) {
        product = dotRow(kind, indices, values, from, middle, w);
        if (!met) norm = squareRow(kind, indices, values, from, middle, inverses, inverse);
      }
      if (kind != DENSE && half != 0 && middle < to) {
        product += dotRow(kind, indices, values, middle, to, w);
        if (!met) norm += squareRow(kind, indices, values, middle, to, inverses, inverse);
      }
      store<f64>(side + place + c, product);
      if (!met) store<f64>(side + place + NORMS + c, norm);
    }
    round++;
    if (half != ALONE) {
      atomic.store<i32>(side, round);
      naps += read(other, round);
    }
    for (let c: usize = 0; c < size; c += 8) {
      const i = load<u32>(rows + (c >> 1));
      const at = (<usize>i) << 3;
      const hit = load<u32>(labels + ((<usize>i) << 2)) == positive;
      const s = load<f64>(shares + at);
      const a = load<f64>(alphas + at);
      const z = load<f64>(logits + at);
      let product = load<f64>(side + place + c);
      if (half != ALONE) product += load<f64>(other + place + c);
      let norm = load<f64>(norms + at);
      if (norm == 0) {
        norm = load<f64>(side + place + NORMS + c);
        if (half != ALONE) norm += load<f64>(other + place + NORMS + c);
        store<f64>(norms + at, norm);
      }
      const t = hit ? -(product + b) : product + b;
      const q = norm + drift;
      const next = root(q * s, t + q * a, z, t);
      const tail = NativeMath.exp(-abs<f64>(next));
      const alpha = (s * (next >= 0 ? 1 : tail)) / (1 + tail);
      const r = hit ? alpha - a : a - alpha;
      store<f64>(logits + at, next);
      store<f64>(alphas + at, alpha);
      store<f64>(moves + c, r);
      b += drift * r;
      energy += r * (product + 0.5 * r * norm);
      bend += 0.5 * r * r * norm;
      if (half == 0) continue;
      const e = NativeMath.exp(-abs<f64>(t));
      loss += s * (max<f64>(t, 0) + log1p(e));
      const divergence = 0.5 * abs<f64>((t - z) * ((s * (t >= 0 ? 1 : e)) / (1 + e) - a));
      store<f64>(divergences + at, divergence);
      violation += divergence;
    }
    for (let c: usize = 0; c < size; c += 8) {
      const r = load<f64>(moves + c);
      if (r == 0) continue;
      const i = load<u32>(rows + (c >> 1));
      const from = begin(kind, pointers, columns, i);
      const to = begin(kind, pointers, columns, i + 1);
      const middle = halves == 0 ? to : <usize>load<u32>(halves + ((<usize>i) << 2));
      const begins = half == 1 ? middle : from;
      const ends = half == 0 ? middle : to;
      if (inverses == 0) addRow(kind, indices, values, begins, ends, r * inverse, w);
      else addScaledRow(kind, indices, values, begins, ends, r, inverses, w);
    }
  }
  if (half != 0) {
    store<f64>(sums, violation);
    store<f64>(sums, loss, 8);
  }
  if (half != 1) {
    store<f64>(sums, energy, 16);
    store<f64>(sums, bend, 24);
    store<f64>(intercept, b);
  }
  return half == 0 ? naps + 1 : 0;
}

/** Begins, with the other thread if it is there soon. */
function begun(pair: usize): bool {
  let there = atomic.load<i32>(pair, THERE) == 1;
  for (let n = 0; !there && n < PATIENCE; n++) there = atomic.load<i32>(pair, THERE) == 1;
  atomic.store<i32>(pair, there ? WITH : WITHOUT, BEGUN);
  return there;
}

/** Waits until the other thread begins; whether that is with this one. */
function joined(pair: usize): bool {
  atomic.store<i32>(pair, 1, THERE);
  let how = atomic.load<i32>(pair, BEGUN);
  for (let n = 0; how == 0; n++) {
    if (n > SPINS) atomic.wait<i32>(pair + BEGUN, 0, NAP);
    how = atomic.load<i32>(pair, BEGUN);
  }
  return how == WITH;
}

/** Tells the other thread of a pair that it need not wait; see `Kernels`. */
export function abandon(pair: usize): void {
  atomic.cmpxchg<i32>(pair + BEGUN, 0, WITHOUT);
  atomic.store<i32>(pair + SIDES, i32.MAX_VALUE);
  atomic.store<i32>(pair + SIDES + SIDE, i32.MAX_VALUE);
}

/** Waits until a thread has read so many groups: how often this one slept. */
function read(flag: usize, groups: i32): u32 {
  for (let n = 0; n < SPINS; n++) if (atomic.load<i32>(flag) >= groups) return 0;
  let naps: u32 = 0;
  for (let seen = atomic.load<i32>(flag); seen < groups; seen = atomic.load<i32>(flag)) {
    atomic.wait<i32>(flag, seen, NAP);
    naps++;
  }
  return naps;
}

/**
 * The z with z + k sigmoid(z) = c, which lies between `a` and `b`. The left side rises, convex below 0 and concave
 * above, so Newton's steps from the end nearer to 0, or from 0 where it lies between, never pass the root. Its second derivative is at
 * most its first one, so after a step the root is within half the square of it.
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
    if (!(step * step > NEAR * (1 + abs<f64>(z)))) break;
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
