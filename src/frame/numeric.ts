import { fail } from "../base/errors";
import type { EncoderState, NumericState } from "./encoder-state";
import { refuseMissing } from "./missing";

/** What a column of numbers is shifted and divided by. */
export type NumericScale = "standard" | "robust";

/**
 * Centre and scale of a column, NaN left out: mean and standard deviation, or median and the range between the quartiles
 * (the standard deviation where that is 0), quantiles by linear interpolation (Hyndman and Fan, 1996, type 7).
 * @throws `empty-data` where no value is there
 */
export function fitNumeric(
  name: string,
  values: Float64Array,
  missing: EncoderState["missing"],
  by: NumericScale = "standard",
): NumericState {
  checkPresent(name, values, missing);
  const standard = standardOf(name, values);
  if (by === "standard") return standard;
  const sorted = sortedPresent(values);
  return robustOf(standard, sorted.length, (rank) => sorted[rank]);
}

/** The ranks, from 0, of the numbers by which the quartiles of so many are told. */
export function quartileRanks(count: number): readonly number[] {
  const low = quarters.map((share) => Math.floor((count - 1) * share));
  return [...low, ...low.map((rank) => Math.min(rank + 1, count - 1))];
}

/** Median and range between the quartiles. @param ranked the number of each of {@link quartileRanks} */
export function robustOf(
  standard: NumericState,
  count: number,
  ranked: (rank: number) => number,
): NumericState {
  const [first, median, third] = quarters.map((share) => quantile(count, ranked, share));
  const range = third - first;
  return { name: standard.name, mean: median, scale: range > 0 ? range : standard.scale };
}

const quarters = [0.25, 0.5, 0.75] as const;

/** The numbers of a column that are not missing, ascending. */
export function sortedPresent(values: Float64Array): Float64Array {
  return values.filter((x) => !Number.isNaN(x)).sort();
}

/** The quantile at `share` of sorted numbers, by linear interpolation. */
function quantile(count: number, ranked: (rank: number) => number, share: number): number {
  const at = (count - 1) * share;
  const low = Math.floor(at);
  const part = at - low;
  return part === 0 ? ranked(low) : ranked(low) * (1 - part) + ranked(low + 1) * part;
}

function standardOf(name: string, values: Float64Array): NumericState {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const x of values) {
    if (Number.isNaN(x)) continue;
    count++;
    const step = x - mean;
    mean += step / count;
    squares += step * (x - mean);
  }
  if (count === 0) {
    fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
  }
  return standardFrom(name, mean, squares / values.length);
}

/** The state of a column of this mean and variance over all rows, those without a number counted at the mean. */
export function standardFrom(name: string, mean: number, variance: number): NumericState {
  const deviation = Math.sqrt(variance);
  return { name, mean, scale: deviation <= 1e-14 * Math.abs(mean) ? 1 : deviation };
}

/** Standardises values where they lie; 0 where one is missing. @throws `not-finite` where one is missing that may not be */
export function standardise(
  { name, mean, scale }: NumericState,
  values: Float64Array,
  missing: EncoderState["missing"],
): Float64Array {
  checkPresent(name, values, missing);
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    values[i] = Number.isNaN(x) ? 0 : (x - mean) / scale;
  }
  return values;
}

/** Looks for missing numbers. @throws `not-finite` where there is one that may not be */
export function checkPresent(name: string, values: Float64Array, missing: EncoderState["missing"]): void {
  if (missing === "mean") return;
  let row = 0;
  while (row < values.length && !Number.isNaN(values[row])) row++;
  if (row < values.length) refuseMissing("value", name, row, missing);
}
