/** Adds four numbers to each of four rows of H, or to the `rest` that there are, none above the diagonal. */
// @ts-expect-error: decorator
@inline
export function addRows(at: usize, a: v128, b: v128, c: v128, d: v128, step: usize, rest: usize, below: usize): void {
  addFour(at, a, below + 1);
  if (rest > 1) addFour(at + step, b, below + 2);
  if (rest > 2) addFour(at + 2 * step, c, below + 3);
  if (rest > 3) addFour(at + 3 * step, d, below + 4);
}

// @ts-expect-error: decorator
@inline
function addFour(at: usize, sums: v128, count: usize): void {
  const low = f64x2.promote_low_f32x4(sums);
  if (count >= 2) v128.store(at, f64x2.add(v128.load(at), low));
  else store<f64>(at, load<f64>(at) + f64x2.extract_lane(low, 0));
  if (count < 3) return;
  const high = f64x2.promote_low_f32x4(i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
  if (count >= 4) v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
  else store<f64>(at, load<f64>(at, 16) + f64x2.extract_lane(high, 0), 16);
}
