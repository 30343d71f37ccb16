/** Adds vectors of `count` 64-bit floats, `stride` bytes apart, to `out`, one after another, and leaves zeros in their place. */
export function addParts(count: u32, parts: u32, stride: u32, from: usize, out: usize): void {
  const bytes = (<usize>count) << 3;
  const end = from + (<usize>parts) * (<usize>stride);
  const none = f64x2.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    let sum = v128.load(out + i);
    for (let at = from + i; at < end; at += <usize>stride) {
      sum = f64x2.add(sum, v128.load(at));
      v128.store(at, none);
    }
    v128.store(out + i, sum);
  }
  for (; i < bytes; i += 8) {
    let sum = load<f64>(out + i);
    for (let at = from + i; at < end; at += <usize>stride) {
      sum += load<f64>(at);
      store<f64>(at, 0);
    }
    store<f64>(out + i, sum);
  }
}
