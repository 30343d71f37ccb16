import { begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, ONES, Ones, storage } from "./row";

/**
 * out = X W + b, rows x outputs; `w` holds `columns x outputs` weights, then `outputs` intercepts. One output sums each row in
 * four parts, then adds the intercept; more outputs begin at the intercept and go from column to column, past dense zeros.
 */
export function score(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, outputs, w, out);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, outputs, w, out);
  else body<Ones>(pointers, indices, values, rows, columns, outputs, w, out);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  const kind = kindOf<T>();
  const stride = (<usize>outputs) << 3;
  const b = w + (<usize>columns) * stride;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    if (outputs == 1) store<f64>(out, dotRow(kind, indices, values, from, to, w) + load<f64>(b));
    else row<T>(indices, values, from, to, stride, w, b, out);
    out += stride;
    from = to;
  }
}

// @ts-expect-error: decorator
@inline
function row<T>(indices: usize, values: usize, from: usize, to: usize, stride: usize, w: usize, b: usize, out: usize): void {
  let o: usize = 0;
  for (; o + 80 <= stride; o += 80) pairs<T>(5, indices, values, from, to, stride, w + o, b + o, out + o);
  for (; o + 32 <= stride; o += 32) pairs<T>(2, indices, values, from, to, stride, w + o, b + o, out + o);
  for (; o + 16 <= stride; o += 16) pairs<T>(1, indices, values, from, to, stride, w + o, b + o, out + o);
  if (o == stride) return;
  let sum = load<f64>(b + o);
  for (let k = from; k < to; k++) {
    const x = stored<T>(values, k);
    if (kindOf<T>() == DENSE && x == 0) continue;
    sum += x * load<f64>(w + o + place<T>(indices, from, k) * stride);
  }
  store<f64>(out + o, sum);
}

/** The margins of `2 P` outputs, each pair's sum in a variable of its own. */
function pairs<T>(
  P: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  stride: usize,
  w: usize,
  b: usize,
  out: usize,
): void {
  if (P == 5) table<T>(5, indices, values, from, to, stride, w, b, out);
  else if (P == 2) table<T>(2, indices, values, from, to, stride, w, b, out);
  else table<T>(1, indices, values, from, to, stride, w, b, out);
}

// @ts-expect-error: decorator
@inline
function table<T>(
  P: i32,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
  stride: usize,
  w: usize,
  b: usize,
  out: usize,
): void {
  let c = v128.load(b);
  let d = P > 1 ? v128.load(b, 16) : c;
  let e = P > 2 ? v128.load(b, 32) : c;
  let f = P > 2 ? v128.load(b, 48) : c;
  let g = P > 2 ? v128.load(b, 64) : c;
  let k = from;
  // One branch a nonzero, not one a column, whose outcome no processor guesses.
  if (kindOf<T>() == DENSE) {
    for (; k + 64 <= to; k += 64) {
      for (let left = nonzeros(values + (k << 2)); left != 0; left &= left - 1) {
        const j = k + <usize>ctz(left);
        const at = w + (j - from) * stride;
        const x = f64x2.splat(<f64>load<f32>(values + (j << 2)));
        c = f64x2.add(c, f64x2.mul(x, v128.load(at)));
        if (P > 1) d = f64x2.add(d, f64x2.mul(x, v128.load(at, 16)));
        if (P > 2) {
          e = f64x2.add(e, f64x2.mul(x, v128.load(at, 32)));
          f = f64x2.add(f, f64x2.mul(x, v128.load(at, 48)));
          g = f64x2.add(g, f64x2.mul(x, v128.load(at, 64)));
        }
      }
    }
  }
  for (; k < to; k++) {
    const value = stored<T>(values, k);
    if (kindOf<T>() == DENSE && value == 0) continue;
    const at = w + place<T>(indices, from, k) * stride;
    const x = f64x2.splat(value);
    c = f64x2.add(c, f64x2.mul(x, v128.load(at)));
    if (P > 1) d = f64x2.add(d, f64x2.mul(x, v128.load(at, 16)));
    if (P > 2) {
      e = f64x2.add(e, f64x2.mul(x, v128.load(at, 32)));
      f = f64x2.add(f, f64x2.mul(x, v128.load(at, 48)));
      g = f64x2.add(g, f64x2.mul(x, v128.load(at, 64)));
    }
  }
  v128.store(out, c);
  if (P > 1) v128.store(out, d, 16);
  if (P > 2) {
    v128.store(out, e, 32);
    v128.store(out, f, 48);
    v128.store(out, g, 64);
  }
}

/** A bit for each of 64 numbers, set where it is not zero. */
function nonzeros(x: usize): u64 {
  let bits: u64 = 0;
  for (let k: u32 = 0; k < 64; k += 16) {
    const part = four(x) | (four(x + 16) << 4) | (four(x + 32) << 8) | (four(x + 48) << 12);
    bits |= (<u64>part) << k;
    x += 64;
  }
  return bits;
}

// @ts-expect-error: decorator
@inline
function four(x: usize): u32 {
  return <u32>i32x4.bitmask(f32x4.ne(v128.load(x), f32x4.splat(0)));
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
  return kindOf<T>() == ONES ? 1 : <f64>load<f32>(values + (k << 2));
}
