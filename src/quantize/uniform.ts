import { type LevelPrecision, precisionFor, roundTo } from "./precision";
import type { Scheme } from "./quantized";

/** How the range of a uniform quantizer is chosen. */
export type Range = "minmax" | "mse";

type UniformScheme = Extract<Scheme, { kind: "uniform" }>;

/**
 * A uniform grid for `values`: levels `scale * (code - zeroPoint)` with `zeroPoint` half way between two codes. So
 * zero is no level of the grid (a mid-rise quantizer; Gersho and Gray, 1992, section 5.2): zeros are stored as
 * positions that are left out, no level is spent on them, no kept weight is lost, and signs are kept.
 *
 * `symmetric`: as many levels below zero as above. Otherwise the levels are shared out by the extent on each side.
 * `minmax`: all values lie within half a step of their level. `mse`: the scale with the smallest squared error that
 * is found by shrinking that range, which clips the outermost values; never worse than `minmax`.
 */
export function uniformScheme(
  values: Float64Array,
  bits: number,
  symmetric: boolean,
  range: Range,
  precision: LevelPrecision,
): UniformScheme {
  const count = 2 ** bits;
  const belows = symmetric ? [count / 2] : sharesBelow(values, count);
  const widest = belows.map((below) => ({ below, scale: coveringScale(values, count, below, precision) }));
  const first = widest.reduce((a, b) => (b.scale < a.scale ? b : a));
  let best = schemeOf(bits, first.below, first.scale);
  if (range === "minmax") return best;
  let least = squaredError(values, best);
  for (const { below, scale } of widest) {
    for (let shrunk = scale; shrunk > scale / 32; shrunk *= 0.9) {
      const fitted = leastSquaresScale(values, schemeOf(bits, below, shrunk), precision);
      const error = squaredError(values, fitted);
      if (error < least) [best, least] = [fitted, error];
    }
  }
  return best;
}

/** The code of the level nearest to `value`. */
export function uniformCode(value: number, { bits, scale, zeroPoint }: UniformScheme): number {
  const code = Math.round(value / scale + zeroPoint);
  return Math.min(Math.max(code, 0), 2 ** bits - 1);
}

function schemeOf(bits: number, below: number, scale: number): UniformScheme {
  return { kind: "uniform", bits, scale, zeroPoint: below - 0.5 };
}

function sharesBelow(values: Float64Array, count: number): number[] {
  const { low, high } = extent(values);
  if (low >= 0) return [0];
  if (high <= 0) return [count];
  const even = Math.round((count * -low) / (high - low));
  const near = [even - 1, even, even + 1];
  return near.filter((below) => below >= 1 && below < count);
}

function coveringScale(
  values: Float64Array,
  count: number,
  below: number,
  precision: LevelPrecision,
): number {
  const { low, high } = extent(values);
  const negative = low < 0 ? -low / (below - 0.5) : 0;
  const positive = high > 0 ? high / (count - below - 0.5) : 0;
  return roundedUp(Math.max(negative, positive), precision);
}

function roundedUp(scale: number, asked: LevelPrecision): number {
  const precision = precisionFor(Float64Array.of(scale), asked);
  const [rounded] = roundTo(Float64Array.of(scale), precision);
  const step = precision === "float16" ? 2 ** -10 : 2 ** -23;
  return rounded >= scale ? rounded : roundTo(Float64Array.of(rounded * (1 + step)), precision)[0];
}

function leastSquaresScale(
  values: Float64Array,
  scheme: UniformScheme,
  precision: LevelPrecision,
): UniformScheme {
  let product = 0;
  let square = 0;
  for (const value of values) {
    const unit = uniformCode(value, scheme) - scheme.zeroPoint;
    product += unit * value;
    square += unit * unit;
  }
  const scale = Float64Array.of(product / square);
  return { ...scheme, scale: roundTo(scale, precisionFor(scale, precision))[0] };
}

function squaredError(values: Float64Array, scheme: UniformScheme): number {
  let sum = 0;
  for (const value of values) {
    sum += (scheme.scale * (uniformCode(value, scheme) - scheme.zeroPoint) - value) ** 2;
  }
  return sum;
}

function extent(values: Float64Array): { low: number; high: number } {
  let low = values[0];
  let high = values[0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}
