import { type LevelPrecision, precisionFor, roundTo } from "./precision";
import type { UniformScheme } from "./schemes";
import { SortedValues } from "./sorted";

/** How the range of a uniform quantizer is chosen; see `uniformScheme`. */
export type Range = "minmax" | "percentile" | "mse" | "hessian";

/** What a uniform grid is to be. */
interface UniformPlan {
  readonly bits: number;
  readonly symmetric: boolean;
  readonly range: Range;
  /** For the range `percentile`: the share of magnitudes that is not clipped, in percent. */
  readonly percentile: number;
  readonly levelPrecision: LevelPrecision;
}

/**
 * A uniform grid for `values`: levels `scale * (code - zeroPoint)` with `zeroPoint` half way between two codes. So
 * zero is no level of the grid (a mid-rise quantizer; Gersho and Gray, 1992, section 5.2): zeros are stored as
 * positions that are left out, no level is spent on them, no kept weight is lost, and signs are kept.
 *
 * `symmetric`: as many levels below zero as above. Otherwise the levels are shared out by the extent on each side.
 * `minmax`: all values lie within half a step of their level. `percentile`: as minmax of the given share of
 * magnitudes, which clips all above. `mse`: the scale with the smallest squared error that is found by shrinking the
 * range, which clips the outermost values; never worse than `minmax`. `hessian`: the same with each square times its importance.
 *
 * @param importances how much the square of each value's error counts; `null` for ones
 */
export function uniformScheme(
  values: Float64Array,
  { bits, symmetric, range, percentile, levelPrecision: precision }: UniformPlan,
  importances: Float64Array | null,
): UniformScheme {
  const count = 2 ** bits;
  const covered = range === "percentile" ? clipped(values, percentile) : values;
  const belows = symmetric ? [count / 2] : sharesBelow(covered, count);
  const widest = belows.map((below) => ({ below, scale: coveringScale(covered, count, below, precision) }));
  const first = widest.reduce((a, b) => (b.scale < a.scale ? b : a));
  let best = schemeOf(bits, first.below, first.scale);
  if (range === "minmax" || range === "percentile") return best;
  const sorted = SortedValues.of(values, importances);
  const floor = squaredError(values, best, importances);
  const widely = best;
  let least = Number.POSITIVE_INFINITY;
  for (const { below, scale } of widest) {
    for (let shrunk = scale; shrunk > scale / 32; shrunk *= 0.9) {
      const fitted = leastSquaresScale(sorted, schemeOf(bits, below, shrunk), precision);
      const error = sorted.squaredError(
        (value) => uniformCode(value, fitted),
        (code) => levelAt(fitted, code),
      );
      if (error < least) [best, least] = [fitted, error];
    }
  }
  // Running sums lose the last digits.
  return squaredError(values, best, importances) < floor ? best : widely;
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
  sorted: SortedValues,
  scheme: UniformScheme,
  precision: LevelPrecision,
): UniformScheme {
  let product = 0;
  let square = 0;
  sorted.eachRun(
    (value) => uniformCode(value, scheme),
    (code, mass, first) => {
      const unit = code - scheme.zeroPoint;
      product += unit * first;
      square += unit * unit * mass;
    },
  );
  if (!(product > 0)) return scheme;
  const scale = Float64Array.of(product / square);
  return { ...scheme, scale: roundTo(scale, precisionFor(scale, precision))[0] };
}

function levelAt({ scale, zeroPoint }: UniformScheme, code: number): number {
  return scale * (code - zeroPoint);
}

function squaredError(values: Float64Array, scheme: UniformScheme, importances: Float64Array | null): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const error = levelAt(scheme, uniformCode(values[i], scheme)) - values[i];
    sum += (importances === null ? 1 : importances[i]) * error * error;
  }
  return sum;
}

/** Values no farther from zero than the given share of them. */
function clipped(values: Float64Array, percentile: number): Float64Array {
  const magnitudes = values.map(Math.abs).sort();
  const rank = Math.ceil((percentile / 100) * values.length) - 1;
  const top = magnitudes[Math.min(Math.max(rank, 0), values.length - 1)];
  return values.map((value) => Math.min(Math.max(value, -top), top));
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
