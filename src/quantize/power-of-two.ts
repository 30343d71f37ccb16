import { gridOf } from "./grid";
import type { PowerOfTwoScheme } from "./schemes";

/**
 * Signed powers of two, `2^(bits - 1)` of them on each side of zero, so that a product is a shift. The largest is the
 * power with the least squared error of all around the largest magnitude.
 *
 * @param bits 1 to 8
 * @param importances how much the square of each value's error counts; `null` for ones
 */
export function powerOfTwoScheme(
  values: Float64Array,
  bits: number,
  importances: Float64Array | null,
): PowerOfTwoScheme {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const exponent = Math.ceil(Math.log2(largest));
  let best: PowerOfTwoScheme | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let top = exponent; top >= exponent - 4; top--) {
    const scheme: PowerOfTwoScheme = { kind: "powerOfTwo", bits, scale: 2 ** top };
    const grid = gridOf(scheme, false);
    let error = 0;
    values.forEach((value, i) => {
      const off = grid.valueAt(grid.nearest(value)) - value;
      error += (importances === null ? 1 : importances[i]) * off * off;
    });
    if (error < least) [best, least] = [scheme, error];
  }
  return best!;
}
