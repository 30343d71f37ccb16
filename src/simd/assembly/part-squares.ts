/** out[p] = the sum over j of m[j * parts + p] x[j * parts + p]^2, for tables of `count` numbers a part. */
export function partSquares(count: u32, parts: u32, m: usize, x: usize, out: usize): void {
  const stride = (<usize>parts) << 3;
  const bytes = (<usize>count) * stride;
  if (parts == 1) {
    store<f64>(out, squares(bytes, m, x));
    return;
  }
  let o: usize = 0;
  for (; o + 16 <= stride; o += 16) {
    let sum = f64x2.splat(0);
    for (let at = o; at < bytes; at += stride) {
      const y = v128.load(x + at);
      sum = f64x2.add(sum, f64x2.mul(v128.load(m + at), f64x2.mul(y, y)));
    }
    v128.store(out + o, sum);
  }
  if (o < stride) {
    let sum: f64 = 0;
    for (let at = o; at < bytes; at += stride) sum += load<f64>(m + at) * (load<f64>(x + at) * load<f64>(x + at));
    store<f64>(out + o, sum);
  }
}

// @ts-expect-error: decorator
@inline
function squares(bytes: usize, m: usize, x: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    const y = v128.load(x + i);
    const z = v128.load(x + i, 16);
    a = f64x2.add(a, f64x2.mul(v128.load(m + i), f64x2.mul(y, y)));
    b = f64x2.add(b, f64x2.mul(v128.load(m + i, 16), f64x2.mul(z, z)));
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; i < bytes; i += 8) sum += load<f64>(m + i) * (load<f64>(x + i) * load<f64>(x + i));
  return sum;
}
