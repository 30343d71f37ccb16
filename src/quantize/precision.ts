import { fail } from "../base/errors";
import { roundToFloat16 } from "./float16";

/** How levels are stored. */
export type LevelPrecision = "float16" | "float32";

/**
 * The precision in which `levels` can be stored: the one that was asked for, but `float32` where a 16-bit float
 * would overflow or lose more than its 11 bits (a level beyond 65504, or below 6.1e-5 and not zero).
 */
export function precisionFor(levels: Float64Array, asked: LevelPrecision): LevelPrecision {
  if (asked === "float32") return asked;
  const fits = levels.every((l) => l === 0 || Math.abs(roundToFloat16(l) - l) <= Math.abs(l) * 2 ** -11);
  return fits ? "float16" : "float32";
}

/** `levels` rounded to a precision. @throws `invalid-model` where one overflows */
export function roundTo(levels: Float64Array, precision: LevelPrecision): Float64Array {
  const rounded = levels.map(precision === "float16" ? roundToFloat16 : Math.fround);
  const at = rounded.findIndex((level) => !Number.isFinite(level));
  if (at >= 0) {
    fail("invalid-model", {
      thing: "weight or intercept",
      value: levels[at],
      expected: `a number within the range of ${precision}`,
    });
  }
  return rounded;
}
