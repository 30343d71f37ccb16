import { dot } from "./dot";

/** out[p] = the sum over j of x[j * parts + p] y[j * parts + p], for tables of `count` numbers a part. */
export function partDots(count: u32, parts: u32, x: usize, y: usize, out: usize): void {
  if (parts == 1) {
    store<f64>(out, dot(count, x, y));
    return;
  }
  const stride = (<usize>parts) << 3;
  const bytes = (<usize>count) * stride;
  let o: usize = 0;
  for (; o + 16 <= stride; o += 16) {
    let sum = f64x2.splat(0);
    for (let at = o; at < bytes; at += stride) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(x + at), v128.load(y + at)));
    }
    v128.store(out + o, sum);
  }
  if (o < stride) {
    let sum: f64 = 0;
    for (let at = o; at < bytes; at += stride) sum += load<f64>(x + at) * load<f64>(y + at);
    store<f64>(out + o, sum);
  }
}
