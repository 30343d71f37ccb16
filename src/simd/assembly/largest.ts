/** The largest of `count` indices, 0 of none. */
export function largest(indices: usize, count: u32): u32 {
  const end = indices + ((<usize>count) << 2);
  let top = i32x4.splat(0);
  let at = indices;
  for (; at + 16 <= end; at += 16) top = i32x4.max_u(top, v128.load(at));
  let most = max<u32>(
    max<u32>(<u32>i32x4.extract_lane(top, 0), <u32>i32x4.extract_lane(top, 1)),
    max<u32>(<u32>i32x4.extract_lane(top, 2), <u32>i32x4.extract_lane(top, 3)),
  );
  for (; at < end; at += 4) most = max<u32>(most, load<u32>(at));
  return most;
}
