import { fail } from "../base/errors";
import type { EncoderState } from "./encoder-state";

/** Levels that a complaint names. */
const listed = 12;

/** Throws for a missing value where it may not be. @throws `invalid-data` for a level, `not-finite` for a number */
export function refuseMissing(
  what: "level" | "value" | "date",
  name: string,
  row: number,
  missing: EncoderState["missing"],
): void {
  if (missing === "mean") return;
  const number = what === "value";
  fail(number ? "not-finite" : "invalid-data", {
    thing: `${what} at row ${row}, column "${name}"`,
    value: "missing",
    expected: number ? "a finite number" : `a ${what}`,
    remedy: 'Drop or fill the missing values, or encode with missing: "mean" or "indicator".',
  });
}

/** Throws for a level that the fit did not meet. @throws `invalid-data` */
export function refuseUnseen(
  name: string,
  row: number,
  value: unknown,
  levels: readonly string[],
  remedy = 'Encode with unseen: "zero" to let unseen levels set no feature.',
): never {
  return fail("invalid-data", {
    thing: `level at row ${row}, column "${name}"`,
    value,
    expected: listedLevels(levels),
    remedy,
  });
}

/** The levels that there are, of many the first. */
export function listedLevels(levels: readonly string[]): string {
  const rest = levels.length - listed;
  return `one of ${levels.slice(0, listed).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Throws for an object where a level or text is to be, of which all would be alike as text. @throws `invalid-data` */
export function refuseObject(what: "level" | "text", name: string, row: number): never {
  return fail("invalid-data", {
    thing: `${what} at row ${row}, column "${name}"`,
    value: "an object",
    expected: "a string, a number or a boolean",
    remedy: "Make columns of what the object holds.",
  });
}
