/**
 * Products of two dense rows, one after another in memory, with tables of `outputs` numbers a column: what is read or written of the
 * table serves both. Each sum takes its terms in the order of `timesRow` and `addOuter`, so the bits are theirs.
 */

/** Pairs of outputs whose sums of both rows are kept in variables; more are taken in parts of four pairs. */
const MOST: usize = 5;

/** Writes the products of the row at `x` and of the one behind it to `out`, one row after another. */
export function timesTwo(x: usize, columns: u32, outputs: u32, w: usize, out: usize): void {
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + ((MOST + 1) << 4) <= stride; o += 64) timesPairs(4, x, columns, stride, w + o, out + o);
  const pairs = (stride - o) >> 4;
  if (pairs == 5) timesPairs(5, x, columns, stride, w + o, out + o);
  else if (pairs == 4) timesPairs(4, x, columns, stride, w + o, out + o);
  else if (pairs == 3) timesPairs(3, x, columns, stride, w + o, out + o);
  else if (pairs == 2) timesPairs(2, x, columns, stride, w + o, out + o);
  else if (pairs == 1) timesPairs(1, x, columns, stride, w + o, out + o);
  o += pairs << 4;
  if (o == stride) return;
  const width = (<usize>columns) << 2;
  let sum: f64 = 0;
  let other: f64 = 0;
  let at = w + o;
  for (let k: usize = 0; k < width; k += 4, at += stride) {
    const number = load<f64>(at);
    sum += <f64>load<f32>(x + k) * number;
    other += <f64>load<f32>(x + width + k) * number;
  }
  store<f64>(out + o, sum);
  store<f64>(out + stride + o, other);
}

// @ts-expect-error: decorator
@inline
function timesPairs(P: i32, x: usize, columns: u32, stride: usize, w: usize, out: usize): void {
  const width = (<usize>columns) << 2;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let aa = f64x2.splat(0);
  let bb = f64x2.splat(0);
  let cc = f64x2.splat(0);
  let dd = f64x2.splat(0);
  let ee = f64x2.splat(0);
  let at = w;
  for (let k: usize = 0; k < width; k += 4, at += stride) {
    const first = f64x2.splat(<f64>load<f32>(x + k));
    const second = f64x2.splat(<f64>load<f32>(x + width + k));
    let t = v128.load(at);
    a = f64x2.add(a, f64x2.mul(first, t));
    aa = f64x2.add(aa, f64x2.mul(second, t));
    if (P > 1) t = v128.load(at, 16);
    if (P > 1) b = f64x2.add(b, f64x2.mul(first, t));
    if (P > 1) bb = f64x2.add(bb, f64x2.mul(second, t));
    if (P > 2) t = v128.load(at, 32);
    if (P > 2) c = f64x2.add(c, f64x2.mul(first, t));
    if (P > 2) cc = f64x2.add(cc, f64x2.mul(second, t));
    if (P > 3) t = v128.load(at, 48);
    if (P > 3) d = f64x2.add(d, f64x2.mul(first, t));
    if (P > 3) dd = f64x2.add(dd, f64x2.mul(second, t));
    if (P > 4) t = v128.load(at, 64);
    if (P > 4) e = f64x2.add(e, f64x2.mul(first, t));
    if (P > 4) ee = f64x2.add(ee, f64x2.mul(second, t));
  }
  const next = out + stride;
  v128.store(out, a);
  v128.store(next, aa);
  if (P > 1) v128.store(out, b, 16);
  if (P > 1) v128.store(next, bb, 16);
  if (P > 2) v128.store(out, c, 32);
  if (P > 2) v128.store(next, cc, 32);
  if (P > 3) v128.store(out, d, 48);
  if (P > 3) v128.store(next, dd, 48);
  if (P > 4) v128.store(out, e, 64);
  if (P > 4) v128.store(next, ee, 64);
}

/** Adds the outer products of the row at `x` and the `outputs` numbers at `r`, and of the one behind it and those behind, to `g`. */
export function addTwo(x: usize, columns: u32, outputs: u32, r: usize, g: usize): void {
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + ((MOST + 1) << 4) <= stride; o += 64) addPairs(4, x, columns, stride, r + o, g + o);
  const pairs = (stride - o) >> 4;
  if (pairs == 5) addPairs(5, x, columns, stride, r + o, g + o);
  else if (pairs == 4) addPairs(4, x, columns, stride, r + o, g + o);
  else if (pairs == 3) addPairs(3, x, columns, stride, r + o, g + o);
  else if (pairs == 2) addPairs(2, x, columns, stride, r + o, g + o);
  else if (pairs == 1) addPairs(1, x, columns, stride, r + o, g + o);
  o += pairs << 4;
  if (o == stride) return;
  const width = (<usize>columns) << 2;
  const one = load<f64>(r + o);
  const other = load<f64>(r + stride + o);
  let at = g + o;
  for (let k: usize = 0; k < width; k += 4, at += stride) {
    const sum = load<f64>(at) + <f64>load<f32>(x + k) * one;
    store<f64>(at, sum + <f64>load<f32>(x + width + k) * other);
  }
}

// @ts-expect-error: decorator
@inline
function addPairs(P: i32, x: usize, columns: u32, stride: usize, r: usize, g: usize): void {
  const width = (<usize>columns) << 2;
  const next = r + stride;
  const a = v128.load(r);
  const b = P > 1 ? v128.load(r, 16) : a;
  const c = P > 2 ? v128.load(r, 32) : a;
  const d = P > 3 ? v128.load(r, 48) : a;
  const e = P > 4 ? v128.load(r, 64) : a;
  const aa = v128.load(next);
  const bb = P > 1 ? v128.load(next, 16) : aa;
  const cc = P > 2 ? v128.load(next, 32) : aa;
  const dd = P > 3 ? v128.load(next, 48) : aa;
  const ee = P > 4 ? v128.load(next, 64) : aa;
  let at = g;
  for (let k: usize = 0; k < width; k += 4, at += stride) {
    const first = f64x2.splat(<f64>load<f32>(x + k));
    const second = f64x2.splat(<f64>load<f32>(x + width + k));
    v128.store(at, f64x2.add(f64x2.add(v128.load(at), f64x2.mul(first, a)), f64x2.mul(second, aa)));
    if (P > 1) v128.store(at, f64x2.add(f64x2.add(v128.load(at, 16), f64x2.mul(first, b)), f64x2.mul(second, bb)), 16);
    if (P > 2) v128.store(at, f64x2.add(f64x2.add(v128.load(at, 32), f64x2.mul(first, c)), f64x2.mul(second, cc)), 32);
    if (P > 3) v128.store(at, f64x2.add(f64x2.add(v128.load(at, 48), f64x2.mul(first, d)), f64x2.mul(second, dd)), 48);
    if (P > 4) v128.store(at, f64x2.add(f64x2.add(v128.load(at, 64), f64x2.mul(first, e)), f64x2.mul(second, ee)), 64);
  }
}
