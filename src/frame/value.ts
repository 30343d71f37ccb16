import { fail } from "../base/errors";

/** What to do about a cell that is to be a finite number and is none. */
export const numberRemedy =
  "Repair the value, make it missing, or encode the column in another way: categorical, ordinal, dates or text.";

/** True for null, undefined and NaN. */
export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

/**
 * A value as a number, `NaN` where it is missing; see `numberColumn`.
 * @throws `invalid-data`, `not-finite`, naming row and column
 */
export function numberOf(value: unknown, row: number, name: string): number {
  if (isMissing(value)) return Number.NaN;
  const text = typeof value === "string" ? value.trim() : undefined;
  if (text === "") return Number.NaN;
  const known = text !== undefined || ["number", "bigint", "boolean"].includes(typeof value);
  const number = known ? Number(text ?? value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  const infinite = number === Infinity || number === -Infinity;
  return fail(infinite ? "not-finite" : "invalid-data", {
    thing: `value at row ${row}, column "${name}"`,
    value,
    expected: "a finite number",
    remedy: numberRemedy,
  });
}
