/**
 * d[j * parts + p] = m[j * parts + p] r[j * parts + p] + b[p] d[j * parts + p]: the next direction of conjugate gradients
 * with the diagonal preconditioner m.
 */
export function partTurn(count: u32, parts: u32, b: usize, m: usize, r: usize, d: usize): void {
  if (parts == 1) {
    turn(count, load<f64>(b), m, r, d);
    return;
  }
  const stride = (<usize>parts) << 3;
  const bytes = (<usize>count) * stride;
  for (let at: usize = 0; at < bytes; at += stride) {
    let o: usize = 0;
    for (; o + 16 <= stride; o += 16) {
      const i = at + o;
      const z = f64x2.mul(v128.load(m + i), v128.load(r + i));
      v128.store(d + i, f64x2.add(z, f64x2.mul(v128.load(b + o), v128.load(d + i))));
    }
    if (o < stride) {
      const i = at + o;
      store<f64>(d + i, load<f64>(m + i) * load<f64>(r + i) + load<f64>(b + o) * load<f64>(d + i));
    }
  }
}

// @ts-expect-error: decorator
@inline
function turn(count: u32, b: f64, m: usize, r: usize, d: usize): void {
  const bb = f64x2.splat(b);
  const bytes = (<usize>count) << 3;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const z = f64x2.mul(v128.load(m + i), v128.load(r + i));
    v128.store(d + i, f64x2.add(z, f64x2.mul(bb, v128.load(d + i))));
  }
  for (; i < bytes; i += 8) store<f64>(d + i, load<f64>(m + i) * load<f64>(r + i) + b * load<f64>(d + i));
}
