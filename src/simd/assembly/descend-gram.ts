import { blockLength, blockPart, coordinateMinimum } from "./block";

/**
 * One sweep of block coordinate descent on the quadratic model q'(u - w) + 1/2 (u - w)' H (u - w) plus a penalty, over
 * the `count` blocks numbered in `list`: moves `w`, keeps `q` the model's gradient there, and returns the greatest
 * change, in the gradient's units. Block b holds the parameters `members[starts[b] .. starts[b + 1]]` and is penalised by
 * l1[b] |w| + l2[b]/2 w^2 of one parameter, which also has bounds and is minimised exactly. A longer block is penalised by
 * l1[b] |w / units| + l2[b]/2 |w / units|^2 and moved by the majorizer diag(d). `v` has room for twice the longest block.
 */
export function descendGram(
  list: usize,
  count: u32,
  starts: usize,
  members: usize,
  l1: usize,
  l2: usize,
  lower: usize,
  upper: usize,
  units: usize,
  d: usize,
  w: usize,
  v: usize,
  size: u32,
  H: usize,
  q: usize,
): f64 {
  const stride = (<usize>size) << 3;
  let worst: f64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const block: usize = load<u32>(list + ((<usize>n) << 2));
    const from = load<u32>(starts + (block << 2));
    const to = load<u32>(starts + (block << 2), 4);
    const b = block << 3;
    const first: usize = (<usize>load<u32>(members + ((<usize>from) << 2))) << 3;
    if (to - from == 1) {
      const old = load<f64>(w + first);
      const c = load<f64>(d + first);
      const next = coordinateMinimum(
        old, load<f64>(q + first), c, load<f64>(l1 + b), load<f64>(l2 + b), load<f64>(lower + b), load<f64>(upper + b),
      );
      if (next == old) continue;
      const step = next - old;
      store<f64>(w + first, next);
      move(step, H + (first >> 3) * stride, q, stride);
      worst = max<f64>(worst, abs<f64>(step) * (c + load<f64>(l2 + b)));
      continue;
    }
    const bytes = (<usize>(to - from)) << 3;
    for (let o: usize = 0; o < bytes; o += 8) {
      const at: usize = (<usize>load<u32>(members + ((<usize>from) << 2) + (o >> 1))) << 3;
      const unit = load<f64>(units + at);
      const c = load<f64>(d + at);
      store<f64>(v + o, (c * load<f64>(w + at) - load<f64>(q + at)) * unit);
      store<f64>(v + bytes + o, c * unit * unit + load<f64>(l2 + b));
    }
    const length = blockLength(to - from, v, load<f64>(l1 + b));
    for (let o: usize = 0; o < bytes; o += 8) {
      const j: usize = load<u32>(members + ((<usize>from) << 2) + (o >> 1));
      const at = j << 3;
      const unit = load<f64>(units + at);
      const c = load<f64>(v + bytes + o);
      const next = unit * blockPart(load<f64>(v + o), c, length, load<f64>(l1 + b));
      const step = next - load<f64>(w + at);
      if (step == 0) continue;
      store<f64>(w + at, next);
      move(step, H + j * stride, q, stride);
      worst = max<f64>(worst, (abs<f64>(step) * c) / (unit * unit));
    }
  }
  return worst;
}

// @ts-expect-error: decorator
@inline
function move(step: f64, row: usize, q: usize, bytes: usize): void {
  const s = f64x2.splat(step);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    v128.store(q + i, f64x2.add(v128.load(q + i), f64x2.mul(s, v128.load(row + i))));
    v128.store(q + i, f64x2.add(v128.load(q + i, 16), f64x2.mul(s, v128.load(row + i, 16))), 16);
  }
  for (; i < bytes; i += 8) store<f64>(q + i, load<f64>(q + i) + step * load<f64>(row + i));
}
