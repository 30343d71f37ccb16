/** Replaces x by L'^-1 x, L the lower triangle of the first n rows and columns of a matrix of `stride` numbers a row. */
export function backwardSolve(n: u32, stride: u32, L: usize, x: usize): void {
  const width = (<usize>stride) << 3;
  let row = L + <usize>n * width;
  for (let i = n; i > 0; i--) {
    row -= width;
    const bytes = (<usize>(i - 1)) << 3;
    const value = load<f64>(x + bytes) / load<f64>(row + bytes);
    store<f64>(x + bytes, value);
    const vv = f64x2.splat(value);
    let o: usize = 0;
    for (; o + 16 <= bytes; o += 16) {
      v128.store(x + o, f64x2.sub(v128.load(x + o), f64x2.mul(vv, v128.load(row + o))));
    }
    if (o < bytes) store<f64>(x + o, load<f64>(x + o) - value * load<f64>(row + o));
  }
}
