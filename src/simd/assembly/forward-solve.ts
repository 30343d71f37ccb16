/** Replaces x by L^-1 x, L the lower triangle of the first n rows and columns of a matrix of `stride` numbers a row. */
export function forwardSolve(n: u32, stride: u32, L: usize, x: usize): void {
  const width = (<usize>stride) << 3;
  let row = L;
  for (let i: u32 = 0; i < n; i++) {
    const bytes = (<usize>i) << 3;
    let a = f64x2.splat(0);
    let o: usize = 0;
    for (; o + 16 <= bytes; o += 16) a = f64x2.add(a, f64x2.mul(v128.load(row + o), v128.load(x + o)));
    let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
    if (o < bytes) sum += load<f64>(row + o) * load<f64>(x + o);
    store<f64>(x + bytes, (load<f64>(x + bytes) - sum) / load<f64>(row + bytes));
    row += width;
  }
}
