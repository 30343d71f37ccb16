import { fail } from "../base/errors";
import { plainNumber } from "./cells";
import { isMissing } from "./columns";
import type { CategoricalState, EncoderState } from "./encoder-state";

/** The distinct levels of a column, as text, sorted by code units. @throws `empty-data` where there is none */
export function fitCategorical(
  name: string,
  values: ArrayLike<unknown>,
  missing: EncoderState["missing"],
): CategoricalState {
  const levels = new Set<string>();
  for (let i = 0; i < values.length; i++) {
    if (isMissing(values[i])) checkMissing(name, i, missing);
    else levels.add(String(values[i]));
  }
  if (levels.size === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  return { name, levels: [...levels].sort() };
}

/**
 * The number of each row's level, or -1 where no level is set. A number as text is the level of that number, however it
 * is written.
 * @throws `invalid-data` for a missing or unseen level where the state says so
 */
export function levelNumbers(
  { name, levels }: CategoricalState,
  values: ArrayLike<unknown>,
  { missing, unseen }: Pick<EncoderState, "missing" | "unseen">,
): Int32Array {
  const numbers = new Map(levels.map((level, k) => [level, k]));
  return Int32Array.from({ length: values.length }, (_, i) => {
    if (isMissing(values[i])) return checkMissing(name, i, missing);
    const level = String(values[i]);
    const number = numbers.get(level) ?? numbers.get(plainNumber(level) ?? level);
    if (number !== undefined || unseen === "zero") return number ?? -1;
    return fail("invalid-data", {
      thing: `level at row ${i}, column "${name}"`,
      value: values[i],
      expected: `one of ${levels.slice(0, 12).join(", ")}`,
      remedy: 'Encode with unseen: "zero" to let unseen levels set no feature.',
    });
  });
}

function checkMissing(name: string, row: number, missing: EncoderState["missing"]): -1 {
  if (missing === "mean") return -1;
  return fail("invalid-data", {
    thing: `level at row ${row}, column "${name}"`,
    value: "missing",
    expected: "a level",
    remedy: 'Drop or fill the missing values, or encode with missing: "mean".',
  });
}
