import { fail } from "../base/errors";
import type { EncoderState, NumericState } from "./encoder-state";

/** Mean and standard deviation of a column, NaN left out. @throws `empty-data` where no value is there */
export function fitNumeric(
  name: string,
  values: Float64Array,
  missing: EncoderState["missing"],
): NumericState {
  checkPresent(name, values, missing);
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
  const deviation = Math.sqrt(squares / values.length);
  return { name, mean, scale: isConstant(deviation, mean) ? 1 : deviation };
}

/** The standardised values; 0 where one is missing. @throws `not-finite` where one is missing that may not be */
export function standardise(
  { name, mean, scale }: NumericState,
  values: Float64Array,
  missing: EncoderState["missing"],
): Float64Array {
  checkPresent(name, values, missing);
  return values.map((x) => (Number.isNaN(x) ? 0 : (x - mean) / scale));
}

function isConstant(deviation: number, mean: number): boolean {
  return deviation <= 1e-14 * Math.abs(mean);
}

function checkPresent(name: string, values: Float64Array, missing: EncoderState["missing"]): void {
  if (missing === "mean") return;
  const row = values.findIndex(Number.isNaN);
  if (row < 0) return;
  fail("not-finite", {
    thing: `value at row ${row}, column "${name}"`,
    value: "missing",
    expected: "a finite number",
    remedy: 'Drop or fill the missing values, or encode with missing: "mean".',
  });
}
