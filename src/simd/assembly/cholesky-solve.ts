/**
 * Replaces X, n rows of `outputs` numbers, by (L L')^-1 X, with L a lower triangle of n numbers a row. Four outputs at a
 * time against four rows of L in registers.
 */
export function choleskySolve(n: u32, L: usize, outputs: u32, X: usize): void {
  const stride = (<usize>outputs) << 3;
  let o: usize = 0;
  for (; o + 32 <= stride; o += 32) solve<Four>(n, L, stride, X + o);
  if (o + 16 <= stride) {
    solve<Two>(n, L, stride, X + o);
    o += 16;
  }
  if (o < stride) solve<One>(n, L, stride, X + o);
}

class Four {}
class Two {}
class One {}

function solve<T>(n: u32, L: usize, stride: usize, X: usize): void {
  const size = <usize>n;
  const width = size << 3;
  let i: usize = 0;
  for (; i + 4 <= size; i += 4) {
    reduce<T>(L + i * width, width, i, X, X + i * stride, stride);
    for (let r = i; r < i + 4; r++) finish<T>(L + r * width, i, r, X, stride);
  }
  for (let r = i; r < size; r++) finish<T>(L + r * width, 0, r, X, stride);
  for (let r = size; r > i; ) spread<T>(L + --r * width, 0, r, X, stride);
  while (i > 0) {
    i -= 4;
    for (let r = i + 4; r > i; ) spread<T>(L + --r * width, i, r, X, stride);
    spreadFour<T>(L + i * width, width, i, X, X + i * stride, stride);
  }
}

// @ts-expect-error: decorator
@inline
function get<T>(at: usize): v128 {
  return idof<T>() == idof<One>() ? v128.load64_zero(at) : v128.load(at);
}

// @ts-expect-error: decorator
@inline
function put<T>(at: usize, x: v128): void {
  if (idof<T>() == idof<One>()) v128.store64_lane(at, x, 0);
  else v128.store(at, x);
}

// @ts-expect-error: decorator
@inline
function less(c: v128, s: v128, x: v128): v128 {
  return f64x2.sub(c, f64x2.mul(s, x));
}

/** Takes from four rows at `own` their part of the finished rows before. */
// @ts-expect-error: decorator
@inline
function reduce<T>(l: usize, width: usize, count: usize, X: usize, own: usize, stride: usize): void {
  const four = idof<T>() == idof<Four>();
  const second = own + stride;
  const third = second + stride;
  const fourth = third + stride;
  let a = get<T>(own);
  let b = get<T>(second);
  let c = get<T>(third);
  let d = get<T>(fourth);
  let aa = four ? v128.load(own, 16) : a;
  let bb = four ? v128.load(second, 16) : a;
  let cc = four ? v128.load(third, 16) : a;
  let dd = four ? v128.load(fourth, 16) : a;
  let x = X;
  const end = l + (count << 3);
  for (let at = l; at < end; at += 8) {
    const low = get<T>(x);
    const high = four ? v128.load(x, 16) : low;
    const s = v128.load64_splat(at);
    a = less(a, s, low);
    if (four) aa = less(aa, s, high);
    const t = v128.load64_splat(at + width);
    b = less(b, t, low);
    if (four) bb = less(bb, t, high);
    const u = v128.load64_splat(at + 2 * width);
    c = less(c, u, low);
    if (four) cc = less(cc, u, high);
    const v = v128.load64_splat(at + 3 * width);
    d = less(d, v, low);
    if (four) dd = less(dd, v, high);
    x += stride;
  }
  put<T>(own, a);
  put<T>(second, b);
  put<T>(third, c);
  put<T>(fourth, d);
  if (!four) return;
  v128.store(own, aa, 16);
  v128.store(second, bb, 16);
  v128.store(third, cc, 16);
  v128.store(fourth, dd, 16);
}

/** Takes from row `r` its part of the rows from `first` on, and divides it by its pivot. */
// @ts-expect-error: decorator
@inline
function finish<T>(l: usize, first: usize, r: usize, X: usize, stride: usize): void {
  const four = idof<T>() == idof<Four>();
  const own = X + r * stride;
  let a = get<T>(own);
  let aa = four ? v128.load(own, 16) : a;
  for (let j = first; j < r; j++) {
    const s = v128.load64_splat(l + (j << 3));
    a = less(a, s, get<T>(X + j * stride));
    if (four) aa = less(aa, s, v128.load(X + j * stride, 16));
  }
  const pivot = v128.load64_splat(l + (r << 3));
  put<T>(own, f64x2.div(a, pivot));
  if (four) v128.store(own, f64x2.div(aa, pivot), 16);
}

/** Divides row `r` by its pivot, and takes its part from the rows from `first` on before it. */
// @ts-expect-error: decorator
@inline
function spread<T>(l: usize, first: usize, r: usize, X: usize, stride: usize): void {
  const four = idof<T>() == idof<Four>();
  const own = X + r * stride;
  const pivot = v128.load64_splat(l + (r << 3));
  const a = f64x2.div(get<T>(own), pivot);
  const aa = four ? f64x2.div(v128.load(own, 16), pivot) : a;
  put<T>(own, a);
  if (four) v128.store(own, aa, 16);
  for (let j = first; j < r; j++) {
    const at = X + j * stride;
    const s = v128.load64_splat(l + (j << 3));
    put<T>(at, less(get<T>(at), s, a));
    if (four) v128.store(at, less(v128.load(at, 16), s, aa), 16);
  }
}

/** Takes the part of four finished rows at `own` from the `count` rows before them. */
// @ts-expect-error: decorator
@inline
function spreadFour<T>(l: usize, width: usize, count: usize, X: usize, own: usize, stride: usize): void {
  const four = idof<T>() == idof<Four>();
  const a = get<T>(own);
  const b = get<T>(own + stride);
  const c = get<T>(own + 2 * stride);
  const d = get<T>(own + 3 * stride);
  const aa = four ? v128.load(own, 16) : a;
  const bb = four ? v128.load(own + stride, 16) : a;
  const cc = four ? v128.load(own + 2 * stride, 16) : a;
  const dd = four ? v128.load(own + 3 * stride, 16) : a;
  let x = X;
  const end = l + (count << 3);
  for (let at = l; at < end; at += 8) {
    const s = v128.load64_splat(at);
    const t = v128.load64_splat(at + width);
    const u = v128.load64_splat(at + 2 * width);
    const v = v128.load64_splat(at + 3 * width);
    put<T>(x, less(less(less(less(get<T>(x), s, a), t, b), u, c), v, d));
    if (four) v128.store(x, less(less(less(less(v128.load(x, 16), s, aa), t, bb), u, cc), v, dd), 16);
    x += stride;
  }
}
