import { fail } from "../base/errors";
import type { EncoderState } from "./encoder-state";

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
export function refuseUnseen(name: string, row: number, value: unknown, levels: readonly string[]): never {
  return fail("invalid-data", {
    thing: `level at row ${row}, column "${name}"`,
    value,
    expected: `one of ${levels.slice(0, 12).join(", ")}`,
    remedy: 'Encode with unseen: "zero" to let unseen levels set no feature.',
  });
}
