import { axpy } from "./axpy";

/** y[j * parts + p] += a[p] x[j * parts + p], for tables of `count` numbers a part. */
export function partAxpy(count: u32, parts: u32, a: usize, x: usize, y: usize): void {
  if (parts == 1) {
    axpy(count, load<f64>(a), x, y);
    return;
  }
  const stride = (<usize>parts) << 3;
  const bytes = (<usize>count) * stride;
  for (let at: usize = 0; at < bytes; at += stride) {
    let o: usize = 0;
    for (; o + 16 <= stride; o += 16) {
      const to = y + at + o;
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(a + o), v128.load(x + at + o))));
    }
    if (o < stride) {
      const to = y + at + o;
      store<f64>(to, load<f64>(to) + load<f64>(a + o) * load<f64>(x + at + o));
    }
  }
}
