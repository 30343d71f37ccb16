/** Two values of a dense row, widened. */
// @ts-expect-error: decorator
@inline
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Writes the products of four dense rows of `bytes`, one after another, with `w` to `out`: each number of `w` is read once. */
// @ts-expect-error: decorator
@inline
export function dotFour(row: usize, bytes: usize, w: usize, out: usize): void {
  const second = row + bytes;
  const third = second + bytes;
  const fourth = third + bytes;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let o: usize = 0;
  let at = w;
  for (; o + 16 <= bytes; o += 16) {
    const low = v128.load(at);
    const high = v128.load(at, 16);
    a = f64x2.add(a, f64x2.add(f64x2.mul(low, pair(row + o)), f64x2.mul(high, pair(row + o + 8))));
    b = f64x2.add(b, f64x2.add(f64x2.mul(low, pair(second + o)), f64x2.mul(high, pair(second + o + 8))));
    c = f64x2.add(c, f64x2.add(f64x2.mul(low, pair(third + o)), f64x2.mul(high, pair(third + o + 8))));
    d = f64x2.add(d, f64x2.add(f64x2.mul(low, pair(fourth + o)), f64x2.mul(high, pair(fourth + o + 8))));
    at += 32;
  }
  let sums = f64x2.add(i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  let others = f64x2.add(i8x16.shuffle(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), i8x16.shuffle(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  for (; o < bytes; o += 4) {
    const x = v128.load64_splat(at);
    sums = f64x2.add(sums, f64x2.mul(x, f64x2(<f64>load<f32>(row + o), <f64>load<f32>(second + o))));
    others = f64x2.add(others, f64x2.mul(x, f64x2(<f64>load<f32>(third + o), <f64>load<f32>(fourth + o))));
    at += 8;
  }
  v128.store(out, sums);
  v128.store(out, others, 16);
}

/** Adds four dense rows of `bytes`, each times its number at `r`, to `g`: each number of `g` is read and written once. */
// @ts-expect-error: decorator
@inline
export function addFour(row: usize, bytes: usize, r: usize, g: usize): void {
  const second = row + bytes;
  const third = second + bytes;
  const fourth = third + bytes;
  const a = v128.load64_splat(r);
  const b = v128.load64_splat(r, 8);
  const c = v128.load64_splat(r, 16);
  const d = v128.load64_splat(r, 24);
  let o: usize = 0;
  let at = g;
  for (; o + 8 <= bytes; o += 8) {
    const first = f64x2.add(f64x2.mul(a, pair(row + o)), f64x2.mul(b, pair(second + o)));
    const last = f64x2.add(f64x2.mul(c, pair(third + o)), f64x2.mul(d, pair(fourth + o)));
    v128.store(at, f64x2.add(v128.load(at), f64x2.add(first, last)));
    at += 16;
  }
  if (o < bytes) {
    const first = load<f64>(r) * <f64>load<f32>(row + o) + load<f64>(r, 8) * <f64>load<f32>(second + o);
    const last = load<f64>(r, 16) * <f64>load<f32>(third + o) + load<f64>(r, 24) * <f64>load<f32>(fourth + o);
    store<f64>(at, load<f64>(at) + (first + last));
  }
}
