/**
 * The product of a sparse row with a table of `columns` 32-bit floats, summed in the four parts of `score`: the same bits where the
 * table of `score` holds the same numbers. `values` is 0 where all are one. NaN where an index is beyond the table.
 */
export function scoreSingles(indices: usize, values: usize, count: u32, columns: u32, w: usize): f64 {
  if (count > 0 && largest(indices, count) >= columns) return NaN;
  return values == 0 ? ones(indices, count, w) : products(indices, values, count, w);
}

/** The largest of `count` indices, 0 of none. */
export function largest(indices: usize, count: u32): u32 {
  const end = indices + ((<usize>count) << 2);
  let top = i32x4.splat(0);
  let other = i32x4.splat(0);
  let at = indices;
  for (; at + 64 <= end; at += 64) {
    top = i32x4.max_u(top, i32x4.max_u(v128.load(at), v128.load(at, 16)));
    other = i32x4.max_u(other, i32x4.max_u(v128.load(at, 32), v128.load(at, 48)));
  }
  for (; at + 16 <= end; at += 16) top = i32x4.max_u(top, v128.load(at));
  top = i32x4.max_u(top, other);
  let most = max<u32>(
    max<u32>(<u32>i32x4.extract_lane(top, 0), <u32>i32x4.extract_lane(top, 1)),
    max<u32>(<u32>i32x4.extract_lane(top, 2), <u32>i32x4.extract_lane(top, 3)),
  );
  for (; at < end; at += 4) most = max<u32>(most, load<u32>(at));
  return most;
}

function products(indices: usize, values: usize, count: u32, w: usize): f64 {
  const end = indices + ((<usize>count) << 2);
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  let at = indices;
  let x = values;
  for (; at + 16 <= end; at += 16, x += 16) {
    const four = v128.load(x);
    const high = i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    ab = f64x2.add(ab, f64x2.mul(f64x2.promote_low_f32x4(four), f64x2.promote_low_f32x4(pair(at, w))));
    cd = f64x2.add(cd, f64x2.mul(f64x2.promote_low_f32x4(high), f64x2.promote_low_f32x4(pair(at + 8, w))));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; at < end; at += 4, x += 4) a += <f64>load<f32>(x) * <f64>load<f32>(place(at, w));
  return a + f64x2.extract_lane(ab, 1) + (f64x2.extract_lane(cd, 0) + f64x2.extract_lane(cd, 1));
}

function ones(indices: usize, count: u32, w: usize): f64 {
  const end = indices + ((<usize>count) << 2);
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  let at = indices;
  for (; at + 16 <= end; at += 16) {
    ab = f64x2.add(ab, f64x2.promote_low_f32x4(pair(at, w)));
    cd = f64x2.add(cd, f64x2.promote_low_f32x4(pair(at + 8, w)));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; at < end; at += 4) a += <f64>load<f32>(place(at, w));
  return a + f64x2.extract_lane(ab, 1) + (f64x2.extract_lane(cd, 0) + f64x2.extract_lane(cd, 1));
}

/** The weights of two indices, the first two of four floats. */
// @ts-expect-error: decorator
@inline
function pair(at: usize, w: usize): v128 {
  return v128.load_lane<u32>(place(at + 4, w), v128.load32_zero(place(at, w)), 1);
}

// @ts-expect-error: decorator
@inline
function place(at: usize, w: usize): usize {
  return w + ((<usize>load<u32>(at)) << 2);
}
