/**
 * The side of a square that has room for one of `size` parameters, in steps of doubled squares: an arena keeps what it has
 * outgrown, which so is never more than what is in use.
 */
export function sideFor(size: number): number {
  return Math.ceil(128 * Math.SQRT2 ** Math.ceil(2 * Math.log2(Math.max(1, size / 128))));
}
