import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, ONES, Ones, storage, timesRow } from "./row";
import { expPair, log1pPair } from "./sigmoid-pair";

/** Twice how far from a root a step may end; see `dualAscent`. */
const NEAR: f64 = 1e-9;
/** How far a logit may be from its margin for the curvature at it to tell how far it moves. */
const NEARBY: f64 = 0.5;
/** Of so many rows the loss of one is added up. */
const EVERY: u32 = 8;

/**
 * One ascent of the logistic duals of several classes, each against the others, over each of `count` rows in `order`; see `Kernels`.
 * The formulas are those of `dualAscent`, two classes at a time, and a row is read once for all.
 */
export function sigmoidsAscent(
  pointers: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  first: u32,
  outputs: u32,
  labels: usize,
  shares: usize,
  inverse: f64,
  norms: usize,
  drifts: usize,
  alphas: usize,
  logits: usize,
  w: usize,
  sums: usize,
  scratch: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, columns, order, count, first, outputs, labels, shares, inverse, norms, drifts, alphas, logits, w, sums, scratch);
  else if (kind == CSR) body<Csr>(pointers, indices, values, columns, order, count, first, outputs, labels, shares, inverse, norms, drifts, alphas, logits, w, sums, scratch);
  else body<Ones>(pointers, indices, values, columns, order, count, first, outputs, labels, shares, inverse, norms, drifts, alphas, logits, w, sums, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  columns: u32,
  order: usize,
  count: u32,
  first: u32,
  outputs: u32,
  labels: usize,
  shares: usize,
  inverse: f64,
  norms: usize,
  drifts: usize,
  alphas: usize,
  logits: usize,
  w: usize,
  sums: usize,
  scratch: usize,
): void {
  const kind = kindOf<T>();
  const stride = (<usize>outputs) << 3;
  const intercepts = w + <usize>columns * stride;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const minus = f64x2.splat(-0.0);
  for (let n: u32 = 0; n < count; n++) {
    const i = load<u32>(order + ((<usize>n) << 2));
    const from = begin(kind, pointers, columns, i);
    const to = begin(kind, pointers, columns, i + 1);
    const at = (<usize>i) << 3;
    let norm = load<f64>(norms + at);
    if (norm == 0) {
      norm = inverse * squareRow(kind, values, from, to);
      store<f64>(norms + at, norm);
    }
    timesRow(kind, indices, values, from, to, outputs, w, scratch);
    const share = load<f64>(shares + at);
    const s = f64x2.splat(share);
    const unit = f64x2.splat(share > 0 ? 1 / share : 0);
    const hit = <i64>load<u32>(labels + ((<usize>i) << 2)) - <i64>first;
    const row = <usize>i * stride;
    const counted = (n & (EVERY - 1)) == 0;
    for (let o: usize = 0; o < stride; o += 16) {
      const single = o + 8 == stride;
      const lane = <i64>(o >> 3);
      const flip = v128.and(i64x2.eq(i64x2.splat(hit), i64x2(lane, lane + 1)), minus);
      const drift = pair(drifts + o, single);
      const b = pair(intercepts + o, single);
      const t = v128.xor(f64x2.add(pair(scratch + o, single), b), flip);
      const a = pair(alphas + row + o, single);
      const z = pair(logits + row + o, single);
      const q = f64x2.add(f64x2.splat(norm), drift);
      const k = f64x2.mul(q, s);
      const c = f64x2.add(t, f64x2.mul(q, a));
      // From nearby a linear step goes nearly all the way, else Newton's steps go from the end that they never pass the root from.
      const way = f64x2.sub(t, z);
      const line = f64x2.add(one, f64x2.mul(q, f64x2.sub(a, f64x2.mul(f64x2.mul(a, a), unit))));
      const ended = f64x2.max(f64x2.min(z, t), f64x2.min(f64x2.max(z, t), zero));
      const near = f64x2.lt(f64x2.abs(way), f64x2.splat(NEARBY));
      let root = v128.bitselect(f64x2.add(z, f64x2.div(way, line)), ended, near);
      let open = i64x2.splat(-1);
      let e = one;
      let before = root;
      for (let steps = 0; steps < 100; steps++) {
        before = root;
        e = expPair(f64x2.neg(f64x2.abs(root)));
        const d = f64x2.div(one, f64x2.add(one, e));
        const small = f64x2.mul(e, d);
        const p = v128.bitselect(d, small, f64x2.ge(root, zero));
        const rest = f64x2.sub(f64x2.sub(c, root), f64x2.mul(k, p));
        const step = f64x2.div(rest, f64x2.add(one, f64x2.mul(k, f64x2.mul(small, d))));
        root = f64x2.add(root, v128.and(step, open));
        const far = f64x2.gt(f64x2.mul(step, step), f64x2.mul(f64x2.splat(NEAR), f64x2.add(one, f64x2.abs(root))));
        open = v128.and(open, far);
        if (!v128.any_true(open)) break;
      }
      // exp(-|root|) by three terms from where the last step began, which was short.
      const back = f64x2.sub(f64x2.abs(before), f64x2.abs(root));
      e = f64x2.mul(e, f64x2.add(one, f64x2.add(back, f64x2.mul(f64x2.mul(back, back), f64x2.splat(0.5)))));
      const d = f64x2.div(one, f64x2.add(one, e));
      const above = f64x2.ge(root, zero);
      const large = f64x2.mul(s, d);
      const small = f64x2.mul(large, e);
      const alpha = v128.bitselect(large, small, above);
      const change = f64x2.sub(alpha, a);
      const moved = v128.xor(v128.xor(change, minus), flip);
      const bend = f64x2.mul(small, d);
      const stretch = f64x2.add(one, f64x2.mul(q, bend));
      const apart = f64x2.mul(f64x2.mul(f64x2.sub(root, z), change), f64x2.mul(stretch, stretch));
      put(logits + row + o, root, single);
      put(alphas + row + o, alpha, single);
      put(intercepts + o, f64x2.add(b, f64x2.mul(drift, moved)), single);
      put(scratch + o, f64x2.mul(moved, f64x2.splat(inverse)), single);
      grow(sums + o, f64x2.mul(f64x2.splat(0.5), f64x2.abs(apart)), single);
      grow(sums + stride + o, moved, single);
      grow(sums + 2 * stride + o, bend, single);
      if (counted) {
        const loss = f64x2.add(f64x2.max(t, zero), log1pPair(expPair(f64x2.neg(f64x2.abs(t)))));
        grow(sums + 3 * stride + o, f64x2.mul(s, loss), single);
      }
    }
    addOuter(kind, indices, values, from, to, outputs, scratch, w);
  }
}

/** Two numbers, or the last one twice. */
// @ts-expect-error: decorator
@inline
function pair(at: usize, single: bool): v128 {
  return single ? v128.load64_splat(at) : v128.load(at);
}

// @ts-expect-error: decorator
@inline
function put(at: usize, x: v128, single: bool): void {
  if (single) v128.store64_lane(at, x, 0);
  else v128.store(at, x);
}

// @ts-expect-error: decorator
@inline
function grow(at: usize, x: v128, single: bool): void {
  put(at, f64x2.add(pair(at, single), x), single);
}

/** The sum of the squares of one row. */
// @ts-expect-error: decorator
@inline
function squareRow(kind: i32, values: usize, from: usize, to: usize): f64 {
  if (kind == ONES) return <f64>(to - from);
  let sum: f64 = 0;
  for (let k = from; k < to; k++) {
    const x = <f64>load<f32>(values + (k << 2));
    sum += x * x;
  }
  return sum;
}
