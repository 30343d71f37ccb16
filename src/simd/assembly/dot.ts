/** The sum of x[i] y[i] over `count` 64-bit floats. */
export function dot(count: u32, x: usize, y: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  const bytes = (<usize>count) << 3;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(x + i), v128.load(y + i)));
    b = f64x2.add(b, f64x2.mul(v128.load(x + i, 16), v128.load(y + i, 16)));
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; i < bytes; i += 8) sum += load<f64>(x + i) * load<f64>(y + i);
  return sum;
}
