/** y += a x over `count` 64-bit floats. */
export function axpy(count: u32, a: f64, x: usize, y: usize): void {
  const aa = f64x2.splat(a);
  const bytes = (<usize>count) << 3;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.mul(aa, v128.load(x + i))));
  }
  for (; i < bytes; i += 8) store<f64>(y + i, load<f64>(y + i) + a * load<f64>(x + i));
}
