/**
 * Replaces the lower triangle of A, `n x n` row after row, by its Cholesky factor, and returns n; or, where a pivot is
 * not above `floor`, its number.
 */
export function cholesky(n: u32, A: usize, floor: f64): u32 {
  return choleskyCorner(n, A, floor, 0, n);
}

/**
 * The rows from one, a multiple of four, to another, whose columns before the first are those of the factor already; what
 * `cholesky` returns, or `to`. Four columns at a time against two rows in registers: the sums go along the rows.
 */
export function choleskyCorner(n: u32, A: usize, floor: f64, from: u32, to: u32): u32 {
  const stride = (<usize>n) << 3;
  for (let i = from; i < to; i += 4) {
    const end = min<u32>(to, i + 4);
    choleskyRows(n, A, i, end, from, i);
    for (let r = i; r < end; r++) {
      const a = A + <usize>r * stride;
      for (let c = i; c < r; c++) {
        const b = A + <usize>c * stride;
        const at = a + ((<usize>c) << 3);
        store<f64>(at, (load<f64>(at) - dotTo(a, b, c)) / load<f64>(b + ((<usize>c) << 3)));
      }
      const at = a + ((<usize>r) << 3);
      const pivot = load<f64>(at) - dotTo(a, a, r);
      if (!(pivot > floor)) return r;
      store<f64>(at, sqrt<f64>(pivot));
    }
  }
  return to;
}

/**
 * In the rows from one to another the columns from `first` to `last`, multiples of four, whose own rows are finished, as
 * are the columns before.
 */
export function choleskyRows(n: u32, A: usize, from: u32, to: u32, first: u32, last: u32): void {
  const stride = (<usize>n) << 3;
  let r = from;
  for (; r + 2 <= to; r += 2) {
    const a = A + <usize>r * stride;
    for (let j = first; j < last; j += 4) {
      const b = A + <usize>j * stride;
      reduceTwo(a, b, stride, (<usize>j) << 3);
      divide(a, b, stride, j);
      divide(a + stride, b, stride, j);
    }
  }
  if (r == to) return;
  const a = A + <usize>r * stride;
  for (let j = first; j < last; j += 4) {
    const b = A + <usize>j * stride;
    for (let c: usize = 0; c < 4; c++) {
      const at = a + ((<usize>j + c) << 3);
      store<f64>(at, load<f64>(at) - dotTo(a, b + c * stride, j));
    }
    divide(a, b, stride, j);
  }
}

/** Takes from two rows' four numbers behind `bytes` their products with four finished rows up to there. */
// @ts-expect-error: decorator
@inline
function reduceTwo(a: usize, b: usize, stride: usize, bytes: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c02 = f64x2.splat(0);
  let c03 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c12 = f64x2.splat(0);
  let c13 = f64x2.splat(0);
  const d = a + stride;
  const b1 = b + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  for (let o: usize = 0; o < bytes; o += 16) {
    const x = v128.load(a + o);
    const y = v128.load(d + o);
    const p = v128.load(b + o);
    c00 = f64x2.add(c00, f64x2.mul(x, p));
    c10 = f64x2.add(c10, f64x2.mul(y, p));
    const q = v128.load(b1 + o);
    c01 = f64x2.add(c01, f64x2.mul(x, q));
    c11 = f64x2.add(c11, f64x2.mul(y, q));
    const s = v128.load(b2 + o);
    c02 = f64x2.add(c02, f64x2.mul(x, s));
    c12 = f64x2.add(c12, f64x2.mul(y, s));
    const t = v128.load(b3 + o);
    c03 = f64x2.add(c03, f64x2.mul(x, t));
    c13 = f64x2.add(c13, f64x2.mul(y, t));
  }
  subtract(a + bytes, c00, c01, c02, c03);
  subtract(d + bytes, c10, c11, c12, c13);
}

// @ts-expect-error: decorator
@inline
function subtract(at: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  store<f64>(at, load<f64>(at) - lanes(c0));
  store<f64>(at, load<f64>(at, 8) - lanes(c1), 8);
  store<f64>(at, load<f64>(at, 16) - lanes(c2), 16);
  store<f64>(at, load<f64>(at, 24) - lanes(c3), 24);
}

// @ts-expect-error: decorator
@inline
function lanes(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Solves with the finished four by four block of rows `b` at column `j`. */
// @ts-expect-error: decorator
@inline
function divide(a: usize, b: usize, stride: usize, j: u32): void {
  const o = (<usize>j) << 3;
  const x = a + o;
  for (let c: usize = 0; c < 4; c++) {
    const row = b + c * stride + o;
    let sum = load<f64>(x + (c << 3));
    for (let k: usize = 0; k < c; k++) sum -= load<f64>(x + (k << 3)) * load<f64>(row + (k << 3));
    store<f64>(x + (c << 3), sum / load<f64>(row + (c << 3)));
  }
}

/** The product of the first `count` numbers of two rows. */
// @ts-expect-error: decorator
@inline
function dotTo(x: usize, y: usize, count: u32): f64 {
  const bytes = (<usize>count) << 3;
  let a = f64x2.splat(0);
  let o: usize = 0;
  for (; o + 16 <= bytes; o += 16) a = f64x2.add(a, f64x2.mul(v128.load(x + o), v128.load(y + o)));
  let sum = lanes(a);
  if (o < bytes) sum += load<f64>(x + o) * load<f64>(y + o);
  return sum;
}
