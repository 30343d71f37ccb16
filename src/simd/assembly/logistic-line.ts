import { expPair } from "./sigmoid-pair";

/**
 * The first and second derivatives of the weighted logistic loss along a line, at `t` times the moves from the margins; see `Kernels`.
 * The last of an odd number of rows is taken as a pair with itself.
 */
export function logisticLine(
  rows: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  margins: usize,
  moves: usize,
  t: f64,
  out: usize,
): void {
  let slope = f64x2.splat(0);
  let bend = f64x2.splat(0);
  const pairs = rows & ~1;
  for (let i: u32 = 0; i < pairs; i += 2) {
    const at = (<usize>i) << 3;
    const hit = load<u64>(labels + ((<usize>i) << 2));
    const signs = f64x2(<u32>hit == positive ? -1 : 1, <u32>(hit >> 32) == positive ? -1 : 1);
    const m = v128.load(margins + at);
    const q = v128.load(moves + at);
    const s = v128.load(shares + at);
    slope = f64x2.add(slope, slopes(m, q, s, signs, t));
    bend = f64x2.add(bend, bends(m, q, s, t));
  }
  let first = f64x2.extract_lane(slope, 0) + f64x2.extract_lane(slope, 1);
  let second = f64x2.extract_lane(bend, 0) + f64x2.extract_lane(bend, 1);
  if (pairs < rows) {
    const at = (<usize>pairs) << 3;
    const signs = f64x2.splat(load<u32>(labels + ((<usize>pairs) << 2)) == positive ? -1 : 1);
    const m = f64x2.splat(load<f64>(margins + at));
    const q = f64x2.splat(load<f64>(moves + at));
    const s = f64x2.splat(load<f64>(shares + at));
    first += f64x2.extract_lane(slopes(m, q, s, signs, t), 0);
    second += f64x2.extract_lane(bends(m, q, s, t), 0);
  }
  store<f64>(out, first);
  store<f64>(out, second, 8);
}

// @ts-expect-error: decorator
@inline
function slopes(m: v128, q: v128, s: v128, signs: v128, t: f64): v128 {
  const z = f64x2.mul(signs, f64x2.add(m, f64x2.mul(f64x2.splat(t), q)));
  const e = expPair(f64x2.neg(f64x2.abs(z)));
  const right = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), e));
  const p = v128.bitselect(right, f64x2.mul(e, right), f64x2.ge(z, f64x2.splat(0)));
  return f64x2.mul(f64x2.mul(s, p), f64x2.mul(signs, q));
}

// @ts-expect-error: decorator
@inline
function bends(m: v128, q: v128, s: v128, t: f64): v128 {
  const e = expPair(f64x2.neg(f64x2.abs(f64x2.add(m, f64x2.mul(f64x2.splat(t), q)))));
  const right = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), e));
  return f64x2.mul(f64x2.mul(s, f64x2.mul(q, q)), f64x2.mul(f64x2.mul(e, right), right));
}
