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

// @ts-expect-error: decorator
@inline
function weight(indices: usize, k: usize, w: usize): f64 {
  return load<f64>(w + ((<usize>load<u32>(indices + (k << 2))) << 3));
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
  for (; k + 4 <= to; k += 4) {
    if (kind == CSR) {
      a += value(values, k) * weight(indices, k, w);
      b += value(values, k + 1) * weight(indices, k + 1, w);
      c += value(values, k + 2) * weight(indices, k + 2, w);
      d += value(values, k + 3) * weight(indices, k + 3, w);
    } else {
      a += weight(indices, k, w);
      b += weight(indices, k + 1, w);
      c += weight(indices, k + 2, w);
      d += weight(indices, k + 3, w);
    }
  }
  for (; k < to; k++) a += kind == CSR ? value(values, k) * weight(indices, k, w) : weight(indices, k, w);
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
  for (; k < to; k++) {
    const at = g + ((<usize>load<u32>(indices + (k << 2))) << 3);
    store<f64>(at, load<f64>(at) + (kind == CSR ? r * value(values, k) : r));
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
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + 64 <= stride; o += 64) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    for (let k = from; k < to; k++) {
      const x = f64x2.splat(kind == ONES ? 1 : value(values, k));
      const at = w + o + (kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2))) * stride;
      a = f64x2.add(a, f64x2.mul(x, v128.load(at)));
      b = f64x2.add(b, f64x2.mul(x, v128.load(at, 16)));
      c = f64x2.add(c, f64x2.mul(x, v128.load(at, 32)));
      d = f64x2.add(d, f64x2.mul(x, v128.load(at, 48)));
    }
    v128.store(out + o, a);
    v128.store(out + o, b, 16);
    v128.store(out + o, c, 32);
    v128.store(out + o, d, 48);
  }
  for (; o + 16 <= stride; o += 16) {
    let a = f64x2.splat(0);
    for (let k = from; k < to; k++) {
      const x = f64x2.splat(kind == ONES ? 1 : value(values, k));
      const at = w + o + (kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2))) * stride;
      a = f64x2.add(a, f64x2.mul(x, v128.load(at)));
    }
    v128.store(out + o, a);
  }
  if (o < stride) {
    let a: f64 = 0;
    for (let k = from; k < to; k++) {
      const x: f64 = kind == ONES ? 1 : value(values, k);
      a += x * load<f64>(w + o + (kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2))) * stride);
    }
    store<f64>(out + o, a);
  }
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
  const stride = (<usize>outputs) << 3;
  for (let k = from; k < to; k++) {
    const x: f64 = kind == ONES ? 1 : value(values, k);
    const at = g + (kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2))) * stride;
    const xx = f64x2.splat(x);
    let o: usize = 0;
    for (; o + 16 <= stride; o += 16) {
      v128.store(at + o, f64x2.add(v128.load(at + o), f64x2.mul(xx, v128.load(r + o))));
    }
    if (o < stride) store<f64>(at + o, load<f64>(at + o) + x * load<f64>(r + o));
  }
}
