import { begin, CSR, DENSE, ONES, storage } from "./row";

/** Rows that are widened to 64-bit floats at a time; they stay in the first cache where columns are few. */
const PANEL: u32 = 32;

/**
 * H += [X 1]' diag(h) [X 1], the lower triangle, row after row. Dense rows go in panels, four columns against four at
 * a time in registers; sparse ones over their stored values. Rows of zero curvature take no time, of dense ones where a
 * whole panel has none. `scratch` holds 64 (columns + 4) numbers.
 */
export function crossProduct(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  H: usize,
  scratch: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) dense(values, rows, columns, h, H, scratch);
  else if (kind == CSR) sparse(CSR, pointers, indices, values, rows, columns, h, H);
  else sparse(ONES, pointers, indices, values, rows, columns, h, H);
}

// @ts-expect-error: decorator
@inline
function sparse(
  kind: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  H: usize,
): void {
  const stride = (<usize>columns + 1) << 3;
  const last = H + <usize>columns * stride;
  let sum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const curvature = load<f64>(h + ((<usize>i) << 3));
    if (curvature == 0) {
      from = to;
      continue;
    }
    for (let k = from; k < to; k++) {
      const column = <usize>load<u32>(indices + (k << 2));
      const a = kind == CSR ? curvature * <f64>load<f32>(values + (k << 2)) : curvature;
      const row = H + column * stride;
      for (let l = from; l <= k; l++) {
        const at = row + ((<usize>load<u32>(indices + (l << 2))) << 3);
        store<f64>(at, load<f64>(at) + (kind == CSR ? a * <f64>load<f32>(values + (l << 2)) : a));
      }
      const at = last + (column << 3);
      store<f64>(at, load<f64>(at) + a);
    }
    sum += curvature;
    from = to;
  }
  const corner = last + ((<usize>columns) << 3);
  store<f64>(corner, load<f64>(corner) + sum);
}

function dense(values: usize, rows: u32, columns: u32, h: usize, H: usize, scratch: usize): void {
  const n = <usize>columns + 1;
  const width = (n + 3) & ~3;
  const stride = width << 3;
  const scaled = scratch + <usize>PANEL * stride;
  for (let first: u32 = 0; first < rows; first += PANEL) {
    const count = min<u32>(PANEL, rows - first);
    if (isZero(h + ((<usize>first) << 3), count)) continue;
    for (let r: u32 = 0; r < count; r++) {
      const row = values + ((<usize>(first + r) * <usize>columns) << 2);
      widen(row, columns, width, load<f64>(h + ((<usize>(first + r)) << 3)), scratch + <usize>r * stride, scaled + <usize>r * stride);
    }
    for (let i: usize = 0; i < n; i += 4) {
      for (let j: usize = 0; j <= i; j += 4) block(scaled + (i << 3), scratch + (j << 3), stride, count, H, n, i, j);
    }
  }
}

// @ts-expect-error: decorator
@inline
function isZero(h: usize, count: u32): bool {
  for (let r: u32 = 0; r < count; r++) if (load<f64>(h + ((<usize>r) << 3)) != 0) return false;
  return true;
}

/** Writes one row with its one and the zeros that fill it up, as it is and times `h`. */
// @ts-expect-error: decorator
@inline
function widen(row: usize, columns: u32, width: usize, h: f64, x: usize, hx: usize): void {
  const hh = f64x2.splat(h);
  let j: usize = 0;
  for (; j + 2 <= <usize>columns; j += 2) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(row + (j << 2)));
    v128.store(x + (j << 3), pair);
    v128.store(hx + (j << 3), f64x2.mul(hh, pair));
  }
  for (; j < width; j++) {
    const value: f64 = j < <usize>columns ? <f64>load<f32>(row + (j << 2)) : j == <usize>columns ? 1 : 0;
    store<f64>(x + (j << 3), value);
    store<f64>(hx + (j << 3), h * value);
  }
}

/** Adds the product of four scaled columns from `i` with four from `j` over a panel. */
// @ts-expect-error: decorator
@inline
function block(a: usize, b: usize, stride: usize, count: u32, H: usize, n: usize, i: usize, j: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  for (let r: u32 = 0; r < count; r++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    a += stride;
    b += stride;
  }
  const rest = n - i;
  const below = i - j;
  const at = H + ((i * n + j) << 3);
  const step = n << 3;
  addFour(at, c00, c01, below + 1);
  if (rest > 1) addFour(at + step, c10, c11, below + 2);
  if (rest > 2) addFour(at + 2 * step, c20, c21, below + 3);
  if (rest > 3) addFour(at + 3 * step, c30, c31, below + 4);
}

/** Adds four numbers, or the `count` that do not lie above the diagonal. */
// @ts-expect-error: decorator
@inline
function addFour(at: usize, low: v128, high: v128, count: usize): void {
  if (count >= 2) v128.store(at, f64x2.add(v128.load(at), low));
  else store<f64>(at, load<f64>(at) + f64x2.extract_lane(low, 0));
  if (count >= 4) v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
  else if (count == 3) store<f64>(at, load<f64>(at, 16) + f64x2.extract_lane(high, 0), 16);
}
