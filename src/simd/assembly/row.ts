/** How a row is stored; known when a kernel is compiled, so that each kernel holds three loops without branches. */
export const DENSE: i32 = 0;
export const CSR: i32 = 1;
export const ONES: i32 = 2;

/**
 * The kinds as types: a generic function is compiled once for each, as a function of its own. In one function with
 * branches the engine's compiler keeps fewer of the loops' variables in registers, and passes take up to a third longer.
 */
export class Dense {}
export class Csr {}
export class Ones {}

/** The kind that a type stands for. */
// @ts-expect-error: decorator
@inline
export function kindOf<T>(): i32 {
  return idof<T>() == idof<Dense>() ? DENSE : idof<T>() == idof<Csr>() ? CSR : ONES;
}

/** The storage that a matrix's pointers tell: no row pointers is dense, no values is all ones. */
// @ts-expect-error: decorator
@inline
export function storage(pointers: usize, values: usize): i32 {
  return pointers == 0 ? DENSE : values == 0 ? ONES : CSR;
}

/** Where row `i` begins among the stored values. */
// @ts-expect-error: decorator
@inline
export function begin(kind: i32, pointers: usize, columns: u32, i: u32): usize {
  return kind == DENSE ? <usize>i * <usize>columns : <usize>load<u32>(pointers + ((<usize>i) << 2));
}

/** The number of column `j`. */
// @ts-expect-error: decorator
@inline
function number(j: u32, w: usize): f64 {
  return load<f64>(w + ((<usize>j) << 3));
}

/** Adds to the number of column `j`. */
// @ts-expect-error: decorator
@inline
function addTo(j: u32, g: usize, a: f64): void {
  const at = g + ((<usize>j) << 3);
  store<f64>(at, load<f64>(at) + a);
}

// @ts-expect-error: decorator
@inline
function value(values: usize, k: usize): f64 {
  return <f64>load<f32>(values + (k << 2));
}

/** The product of one row, stored in `[from, to)`, with a vector of one number a column. */
// @ts-expect-error: decorator
@inline
export function dotRow(kind: i32, indices: usize, values: usize, from: usize, to: usize, w: usize): f64 {
  let k = from;
  if (kind == DENSE) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let at = w;
    for (; k + 4 <= to; k += 4) {
      const x = v128.load(values + (k << 2));
      a = f64x2.add(a, f64x2.mul(f64x2.promote_low_f32x4(x), v128.load(at)));
      const high = i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      b = f64x2.add(b, f64x2.mul(f64x2.promote_low_f32x4(high), v128.load(at, 16)));
      at += 32;
    }
    a = f64x2.add(a, b);
    let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
    for (; k < to; k++) {
      sum += value(values, k) * load<f64>(at);
      at += 8;
    }
    return sum;
  }
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let at = indices + (k << 2);
  let x = values + (k << 2);
  const end = indices + (to << 2);
  for (; at + 16 <= end; at += 16) {
    if (kind == CSR) {
      a += <f64>load<f32>(x) * number(load<u32>(at), w);
      b += <f64>load<f32>(x, 4) * number(load<u32>(at, 4), w);
      c += <f64>load<f32>(x, 8) * number(load<u32>(at, 8), w);
      d += <f64>load<f32>(x, 12) * number(load<u32>(at, 12), w);
      x += 16;
    } else {
      a += number(load<u32>(at), w);
      b += number(load<u32>(at, 4), w);
      c += number(load<u32>(at, 8), w);
      d += number(load<u32>(at, 12), w);
    }
  }
  for (; at < end; at += 4) {
    if (kind == CSR) {
      a += <f64>load<f32>(x) * number(load<u32>(at), w);
      x += 4;
    } else a += number(load<u32>(at), w);
  }
  return a + b + (c + d);
}

/** Adds `r` times one row, stored in `[from, to)`, to a vector of one number a column. */
// @ts-expect-error: decorator
@inline
export function addRow(kind: i32, indices: usize, values: usize, from: usize, to: usize, r: f64, g: usize): void {
  let k = from;
  if (kind == DENSE) {
    const rr = f64x2.splat(r);
    let at = g;
    for (; k + 4 <= to; k += 4) {
      const x = v128.load(values + (k << 2));
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(rr, f64x2.promote_low_f32x4(x))));
      const high = i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      v128.store(at, f64x2.add(v128.load(at, 16), f64x2.mul(rr, f64x2.promote_low_f32x4(high))), 16);
      at += 32;
    }
    for (; k < to; k++) {
      store<f64>(at, load<f64>(at) + r * value(values, k));
      at += 8;
    }
    return;
  }
  let at = indices + (k << 2);
  let x = values + (k << 2);
  const end = indices + (to << 2);
  for (; at + 16 <= end; at += 16) {
    addTo(load<u32>(at), g, kind == CSR ? r * <f64>load<f32>(x) : r);
    addTo(load<u32>(at, 4), g, kind == CSR ? r * <f64>load<f32>(x, 4) : r);
    addTo(load<u32>(at, 8), g, kind == CSR ? r * <f64>load<f32>(x, 8) : r);
    addTo(load<u32>(at, 12), g, kind == CSR ? r * <f64>load<f32>(x, 12) : r);
    if (kind == CSR) x += 16;
  }
  for (; at < end; at += 4) {
    addTo(load<u32>(at), g, kind == CSR ? r * <f64>load<f32>(x) : r);
    if (kind == CSR) x += 4;
  }
}

/** Writes the product of one row with a table of `outputs` numbers a column to `out`. */
// @ts-expect-error: decorator
@inline
export function timesRow(
  kind: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  if (kind == DENSE) timesTable<Dense>(indices, values, from, to, outputs, w, out);
  else if (kind == CSR) timesTable<Csr>(indices, values, from, to, outputs, w, out);
  else timesTable<Ones>(indices, values, from, to, outputs, w, out);
}

function timesTable<T>(
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + 112 <= stride; o += 64) timesPairs<T>(4, indices, values, from, to, stride, w + o, out + o);
  const pairs = (stride - o) >> 4;
  if (pairs == 6) timesPairs<T>(6, indices, values, from, to, stride, w + o, out + o);
  else if (pairs == 5) timesPairs<T>(5, indices, values, from, to, stride, w + o, out + o);
  else if (pairs == 4) timesPairs<T>(4, indices, values, from, to, stride, w + o, out + o);
  else if (pairs == 3) timesPairs<T>(3, indices, values, from, to, stride, w + o, out + o);
  else if (pairs == 2) timesPairs<T>(2, indices, values, from, to, stride, w + o, out + o);
  else if (pairs == 1) timesPairs<T>(1, indices, values, from, to, stride, w + o, out + o);
  o += pairs << 4;
  if (o == stride) return;
  let sum: f64 = 0;
  for (let k = from; k < to; k++) sum += stored<T>(values, k) * load<f64>(w + o + place<T>(indices, from, k) * stride);
  store<f64>(out + o, sum);
}

/** The products for `2 P` outputs, each pair's sum in a variable of its own, so that the row is read once. */
// @ts-expect-error: decorator
@inline
function timesPairs<T>(
  P: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  stride: usize,
  w: usize,
  out: usize,
): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let f = f64x2.splat(0);
  for (let k = from; k < to; k++) {
    const at = w + place<T>(indices, from, k) * stride;
    const x = f64x2.splat(stored<T>(values, k));
    a = f64x2.add(a, kindOf<T>() == ONES ? v128.load(at) : f64x2.mul(x, v128.load(at)));
    if (P > 1) b = f64x2.add(b, kindOf<T>() == ONES ? v128.load(at, 16) : f64x2.mul(x, v128.load(at, 16)));
    if (P > 2) c = f64x2.add(c, kindOf<T>() == ONES ? v128.load(at, 32) : f64x2.mul(x, v128.load(at, 32)));
    if (P > 3) d = f64x2.add(d, kindOf<T>() == ONES ? v128.load(at, 48) : f64x2.mul(x, v128.load(at, 48)));
    if (P > 4) e = f64x2.add(e, kindOf<T>() == ONES ? v128.load(at, 64) : f64x2.mul(x, v128.load(at, 64)));
    if (P > 5) f = f64x2.add(f, kindOf<T>() == ONES ? v128.load(at, 80) : f64x2.mul(x, v128.load(at, 80)));
  }
  v128.store(out, a);
  if (P > 1) v128.store(out, b, 16);
  if (P > 2) v128.store(out, c, 32);
  if (P > 3) v128.store(out, d, 48);
  if (P > 4) v128.store(out, e, 64);
  if (P > 5) v128.store(out, f, 80);
}

/** Adds the outer product of one row and `outputs` numbers at `r` to a table of `outputs` numbers a column. */
// @ts-expect-error: decorator
@inline
export function addOuter(
  kind: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  outputs: u32,
  r: usize,
  g: usize,
): void {
  if (kind == DENSE) addTable<Dense>(indices, values, from, to, outputs, r, g);
  else if (kind == CSR) addTable<Csr>(indices, values, from, to, outputs, r, g);
  else addTable<Ones>(indices, values, from, to, outputs, r, g);
}

function addTable<T>(
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  outputs: u32,
  r: usize,
  g: usize,
): void {
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + 112 <= stride; o += 64) addPairs<T>(4, indices, values, from, to, stride, r + o, g + o);
  const pairs = (stride - o) >> 4;
  if (pairs == 6) addPairs<T>(6, indices, values, from, to, stride, r + o, g + o);
  else if (pairs == 5) addPairs<T>(5, indices, values, from, to, stride, r + o, g + o);
  else if (pairs == 4) addPairs<T>(4, indices, values, from, to, stride, r + o, g + o);
  else if (pairs == 3) addPairs<T>(3, indices, values, from, to, stride, r + o, g + o);
  else if (pairs == 2) addPairs<T>(2, indices, values, from, to, stride, r + o, g + o);
  else if (pairs == 1) addPairs<T>(1, indices, values, from, to, stride, r + o, g + o);
  o += pairs << 4;
  if (o == stride) return;
  const last = load<f64>(r + o);
  for (let k = from; k < to; k++) {
    const at = g + o + place<T>(indices, from, k) * stride;
    store<f64>(at, load<f64>(at) + stored<T>(values, k) * last);
  }
}

/** The outer product for `2 P` outputs, whose numbers at `r` stay in variables. */
// @ts-expect-error: decorator
@inline
function addPairs<T>(
  P: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  stride: usize,
  r: usize,
  g: usize,
): void {
  const a = v128.load(r);
  const b = P > 1 ? v128.load(r, 16) : a;
  const c = P > 2 ? v128.load(r, 32) : a;
  const d = P > 3 ? v128.load(r, 48) : a;
  const e = P > 4 ? v128.load(r, 64) : a;
  const f = P > 5 ? v128.load(r, 80) : a;
  for (let k = from; k < to; k++) {
    const at = g + place<T>(indices, from, k) * stride;
    const x = f64x2.splat(stored<T>(values, k));
    v128.store(at, f64x2.add(v128.load(at), kindOf<T>() == ONES ? a : f64x2.mul(x, a)));
    if (P > 1) v128.store(at, f64x2.add(v128.load(at, 16), kindOf<T>() == ONES ? b : f64x2.mul(x, b)), 16);
    if (P > 2) v128.store(at, f64x2.add(v128.load(at, 32), kindOf<T>() == ONES ? c : f64x2.mul(x, c)), 32);
    if (P > 3) v128.store(at, f64x2.add(v128.load(at, 48), kindOf<T>() == ONES ? d : f64x2.mul(x, d)), 48);
    if (P > 4) v128.store(at, f64x2.add(v128.load(at, 64), kindOf<T>() == ONES ? e : f64x2.mul(x, e)), 64);
    if (P > 5) v128.store(at, f64x2.add(v128.load(at, 80), kindOf<T>() == ONES ? f : f64x2.mul(x, f)), 80);
  }
}

/** The column of stored value `k` of a row that begins at `from`. */
// @ts-expect-error: decorator
@inline
function place<T>(indices: usize, from: usize, k: usize): usize {
  return kindOf<T>() == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
}

// @ts-expect-error: decorator
@inline
function stored<T>(values: usize, k: usize): f64 {
  return kindOf<T>() == ONES ? 1 : value(values, k);
}
