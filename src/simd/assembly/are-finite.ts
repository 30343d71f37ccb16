/** 1 where none of `count` 32-bit floats is NaN or infinite, else 0. */
export function areFinite(values: usize, count: u32): u32 {
  const bytes = (<usize>count) << 2;
  // The difference of a number and itself is 0 unless it is NaN or infinite; sums side by side, since each waits for the one before.
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let o: usize = 0;
  for (; o + 32 <= bytes; o += 32) {
    const x = v128.load(values + o);
    const y = v128.load(values + o, 16);
    a = f32x4.add(a, f32x4.sub(x, x));
    b = f32x4.add(b, f32x4.sub(y, y));
  }
  let rest: f32 = 0;
  for (; o < bytes; o += 4) rest += load<f32>(values + o) - load<f32>(values + o);
  const sum = f32x4.add(a, b);
  const all = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  return all + rest == 0 ? 1 : 0;
}
