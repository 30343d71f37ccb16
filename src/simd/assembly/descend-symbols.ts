import { CSR, ONES } from "./row";
import { expPair } from "./sigmoid-pair";

/** The least fall of the objective for which a symbol changes: above the rounding of its sums. */
const LEAST: f64 = 1e-12;

/**
 * One sweep of coordinate descent over the symbols of the `count` weights numbered in `list` on the exact objective loss +
 * penalty + mu x bits; see `Kernels`. A symbol is passed over, with proof, where it can't gain: the loss is at least its tangent,
 * and more exactly at least what {@link bend} says. Of the others the one or two best by the quadratic model are tried exactly.
 */
export function descendSymbols(
  list: usize,
  count: u32,
  pointers: usize,
  indices: usize,
  values: usize,
  outputs: u32,
  softmax: u32,
  shares: usize,
  r: usize,
  symbols: usize,
  levels: usize,
  counts: usize,
  levelCount: u32,
  levelBits: f64,
  strengths: usize,
  mu: f64,
  scratch: usize,
  totals: usize,
): f64 {
  if (values == 0)
    return body(ONES, list, count, pointers, indices, values, outputs, softmax, shares, r, symbols, levels, counts, levelCount, levelBits, strengths, mu, scratch, totals);
  return body(CSR, list, count, pointers, indices, values, outputs, softmax, shares, r, symbols, levels, counts, levelCount, levelBits, strengths, mu, scratch, totals);
}

// @ts-expect-error: decorator
@inline
function body(
  kind: i32,
  list: usize,
  count: u32,
  pointers: usize,
  indices: usize,
  values: usize,
  outputs: u32,
  softmax: u32,
  shares: usize,
  r: usize,
  symbols: usize,
  levels: usize,
  counts: usize,
  levelCount: u32,
  levelBits: f64,
  strengths: usize,
  mu: f64,
  scratch: usize,
  totals: usize,
): f64 {
  const symbolCount = <usize>levelCount + 1;
  let kept: f64 = 0;
  for (let t: usize = 1; t < symbolCount; t++) kept += load<f64>(counts + (t << 3));
  for (let at: usize = 0; at < symbolCount * symbolCount; at++) store<f64>(scratch + (at << 3), NaN);
  let fall: f64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const place = load<u32>(list + ((<usize>n) << 2));
    const j: usize = place / outputs;
    const k: usize = place % outputs;
    const from = (<usize>load<u32>(pointers + (j << 2))) << 2;
    const to = (<usize>load<u32>(pointers + (j << 2), 4)) << 2;
    const symbolAt = symbols + ((<usize>place) << 2);
    const own: usize = load<u32>(symbolAt);
    if (from == to && own == 0) continue;
    let g: f64 = 0;
    let h: f64 = 0;
    let top: f64 = kind == ONES ? 1 : 0;
    for (let e = from; e < to; e += 4) {
      const i: usize = load<u32>(indices + e);
      const residual = load<f64>(r + ((i * outputs + k) << 3));
      const share = load<f64>(shares + (i << 3));
      const x: f64 = kind == ONES ? 1 : <f64>load<f32>(values + e);
      const slope = share * x;
      const a = abs<f64>(residual);
      g += slope * residual;
      h += slope * x * (a - a * a);
      if (kind == CSR) top = max<f64>(top, abs<f64>(x));
    }
    const strength = load<f64>(strengths + (j << 3));
    const w = load<f64>(levels + (own << 3));
    let first: usize = own;
    let second: usize = own;
    let firstValue: f64 = Infinity;
    let secondValue: f64 = Infinity;
    for (let t: usize = 0; t <= <usize>levelCount; t++) {
      if (t == own) continue;
      const v = load<f64>(levels + (t << 3));
      const d = v - w;
      const flat = 0.5 * strength * (v * v - w * w) + mu * bitsOf(own, t, counts, symbolCount, kept, levelBits, scratch);
      const tangent = g * d + flat;
      if (!(tangent < -LEAST)) continue;
      if (!(tangent + h * d * d * bend(abs<f64>(d) * top) < -LEAST)) continue;
      const value = tangent + 0.5 * h * d * d;
      if (value < firstValue) {
        second = first;
        secondValue = firstValue;
        first = t;
        firstValue = value;
      } else if (value < secondValue) {
        second = t;
        secondValue = value;
      }
    }
    for (let attempt = 0; attempt < 2; attempt++) {
      const t = attempt == 0 ? first : second;
      if (t == own) break;
      const v = load<f64>(levels + (t << 3));
      const bits = bitsOf(own, t, counts, symbolCount, kept, levelBits, scratch);
      const smooth = change(kind, from, to, indices, values, outputs, k, shares, r, v - w) + 0.5 * strength * (v * v - w * w);
      const all = smooth + mu * bits;
      if (!(all < -LEAST)) continue;
      move(kind, from, to, indices, values, outputs, k, softmax, r, v - w);
      store<u32>(symbolAt, <u32>t);
      const a = counts + (own << 3);
      const b = counts + (t << 3);
      store<f64>(a, load<f64>(a) - 1);
      store<f64>(b, load<f64>(b) + 1);
      if (own == 0 || t == 0) {
        kept += own == 0 ? 1 : -1;
        forget(0, symbolCount, scratch);
      }
      forget(own, symbolCount, scratch);
      forget(t, symbolCount, scratch);
      fall += all;
      store<f64>(totals, load<f64>(totals) + smooth);
      store<f64>(totals, load<f64>(totals, 8) + bits, 8);
      store<f64>(totals, load<f64>(totals, 16) + 1, 16);
      break;
    }
  }
  return fall;
}

/**
 * The least share of curvature x step^2 by which the loss is above its tangent after a step of `t` in the margin: the third derivative
 * of the logistic loss is at most its second (Bach, 2010, "Self-concordant analysis for logistic regression", proposition 1).
 */
// @ts-expect-error: decorator
@inline
function bend(t: f64): f64 {
  return t < 1e-3 ? 0.5 - t / 6 : (NativeMath.exp(-t) + t - 1) / (t * t);
}

/** Has the bits of changes from a symbol and to it computed anew. */
// @ts-expect-error: decorator
@inline
function forget(symbol: usize, symbolCount: usize, scratch: usize): void {
  for (let t: usize = 0; t < symbolCount; t++) {
    store<f64>(scratch + ((symbol * symbolCount + t) << 3), NaN);
    store<f64>(scratch + ((t * symbolCount + symbol) << 3), NaN);
  }
}

/** The bits that a change from symbol `a` to symbol `b` costs, kept in `scratch` until either's count changes: logarithms take long. */
// @ts-expect-error: decorator
@inline
function bitsOf(
  a: usize,
  b: usize,
  counts: usize,
  symbolCount: usize,
  kept: f64,
  levelBits: f64,
  scratch: usize,
): f64 {
  const at = scratch + ((a * symbolCount + b) << 3);
  const known = load<f64>(at);
  if (known == known) return known;
  const bits = freshBits(a, b, counts, symbolCount, kept, levelBits);
  store<f64>(at, bits);
  return bits;
}

/** @param kept how many symbols are other than zero */
function freshBits(a: usize, b: usize, counts: usize, symbolCount: usize, kept: f64, levelBits: f64): f64 {
  const zeros = load<f64>(counts);
  const half = 0.5 * <f64>(symbolCount - 1);
  const c = load<f64>(counts + (a << 3));
  const d = load<f64>(counts + (b << 3));
  if (a == 0) {
    const more = zeros > 0 ? log2((zeros / (kept + 1)) * ((kept + half) / (d + 0.5))) : Infinity;
    return more + (d == 0 ? levelBits : 0);
  }
  if (b == 0) {
    const fewer = c > 0 ? log2(((zeros + 1) / kept) * ((kept - 1 + half) / (c - 0.5))) : 0;
    return -(fewer + (c == 1 ? levelBits : 0));
  }
  return log2((c - 0.5) / (d + 0.5)) + (d == 0 ? levelBits : 0) - (c == 1 ? levelBits : 0);
}

/** By how much the loss changes where the weight of column and output changes by `d`. */
// @ts-expect-error: decorator
@inline
function change(
  kind: i32,
  from: usize,
  to: usize,
  indices: usize,
  values: usize,
  outputs: u32,
  k: usize,
  shares: usize,
  r: usize,
  d: f64,
): f64 {
  let sum: f64 = 0;
  // Factors of rows with the same share are multiplied, so that a logarithm serves many.
  let product: f64 = 1;
  let current: f64 = 0;
  const up = kind == ONES ? NativeMath.expm1(d) : 0;
  const down = kind == ONES ? NativeMath.expm1(-d) : 0;
  for (let e = from; e < to; e += 8) {
    const paired = e + 4 < to;
    const next = paired ? e + 4 : e;
    const first = load<u32>(indices + e);
    const second = load<u32>(indices + next);
    const r0 = load<f64>(r + ((<usize>first * outputs + k) << 3));
    const r1 = load<f64>(r + ((<usize>second * outputs + k) << 3));
    let grown0: f64;
    let grown1: f64;
    if (kind == ONES) {
      grown0 = r0 < 0 ? down : up;
      grown1 = r1 < 0 ? down : up;
    } else {
      const t0 = <f64>load<f32>(values + e) * (r0 < 0 ? -d : d);
      const t1 = <f64>load<f32>(values + next) * (r1 < 0 ? -d : d);
      const grown = expPair(f64x2.replace_lane(f64x2.splat(min<f64>(t0, 708)), 1, min<f64>(t1, 708)));
      grown0 = t0 > 708 ? Infinity : f64x2.extract_lane(grown, 0) - 1;
      grown1 = t1 > 708 ? Infinity : f64x2.extract_lane(grown, 1) - 1;
    }
    for (let n = 0; n < 2; n++) {
      if (n == 1 && !paired) break;
      const share = load<f64>(shares + (<usize>(n == 0 ? first : second) << 3));
      if (share == 0) continue;
      if (share != current) {
        sum += current * NativeMath.log(product);
        product = 1;
        current = share;
      }
      product *= 1 + abs<f64>(n == 0 ? r0 : r1) * (n == 0 ? grown0 : grown1);
      if (product < 1e-150 || product > 1e150) {
        sum += current * NativeMath.log(product);
        product = 1;
      }
    }
  }
  return sum + current * NativeMath.log(product);
}

/** Moves the residuals of all outputs of the column's rows with its weight for output `k`. */
// @ts-expect-error: decorator
@inline
function move(
  kind: i32,
  from: usize,
  to: usize,
  indices: usize,
  values: usize,
  outputs: u32,
  k: usize,
  softmax: u32,
  r: usize,
  d: f64,
): void {
  for (let e = from; e < to; e += 4) {
    const i: usize = load<u32>(indices + e);
    const x: f64 = kind == ONES ? 1 : <f64>load<f32>(values + e);
    const row = r + ((i * outputs) << 3);
    const at = row + (k << 3);
    const residual = load<f64>(at);
    const label = residual < 0;
    const a = abs<f64>(residual);
    const t = min<f64>(label ? -d * x : d * x, 708);
    const grown = kind == ONES ? NativeMath.expm1(t) : f64x2.extract_lane(expPair(f64x2.splat(t)), 0) - 1;
    const scale = 1 / (1 + a * grown);
    const moved = a * (1 + grown) * scale;
    if (softmax) {
      const others = label ? (1 + grown) * scale : scale;
      for (let m: usize = 0; m < <usize>outputs; m++) {
        if (m == k) continue;
        const other = load<f64>(row + (m << 3));
        const own = !label && other < 0 ? other - a * grown : other;
        store<f64>(row + (m << 3), own * others);
      }
    }
    store<f64>(at, label ? -moved : moved);
  }
}

// @ts-expect-error: decorator
@inline
function log2(x: f64): f64 {
  return NativeMath.log(x) * 1.4426950408889634;
}
