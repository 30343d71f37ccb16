import { fail } from "../base/errors";
import type { CategoricalState, EncoderState } from "./encoder-state";
import { codeLevels, LevelLookup } from "./level-lookup";
import { refuseMissing, refuseObject, refuseUnseen } from "./missing";

/** How levels get features. */
export interface LevelPlan {
  /** Levels of fewer rows share one feature; 1 for none. */
  readonly rare: number;
  /** What a level does that the fit does not meet; `level`: it sets the feature of the rare ones. */
  readonly unseen: "zero" | "error" | "level";
}

/** What a fit learns of a column of categories, and the number of each row's feature, -1 where none is set. */
interface FittedCategorical {
  readonly state: CategoricalState;
  readonly numbers: Int32Array;
}

/**
 * The distinct levels of a column, as text, sorted by code units, those of too few rows pooled.
 * @throws `empty-data` where there is none
 */
export function fitCategorical(
  name: string,
  values: ArrayLike<unknown>,
  missing: EncoderState["missing"],
  { rare, unseen }: LevelPlan = { rare: 1, unseen: "zero" },
): FittedCategorical {
  const {
    codes,
    levels: met,
    counts,
  } = codeLevels(
    values,
    (row) => refuseMissing("level", name, row, missing),
    (row) => refuseObject("level", name, row),
  );
  const state = categoricalOf(name, new Map(met.map((level, code) => [level, counts[code]])), {
    rare,
    unseen,
  });
  const places = levelNumbers(state, met, { missing, unseen: "zero" });
  const numbers = codes.map((code) => (code < 0 ? -1 : places[code]));
  return { state, numbers };
}

/** The features of a column's levels by how many rows have each. @throws `empty-data` where there is none */
export function categoricalOf(
  name: string,
  counts: ReadonlyMap<string, number>,
  { rare, unseen }: LevelPlan,
): CategoricalState {
  if (counts.size === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  const all = [...counts.keys()].sort();
  const levels = all.filter((level) => counts.get(level)! >= rare);
  if (unseen === "level") return { name, levels, other: "any" };
  if (levels.length === all.length) return { name, levels };
  return { name, levels, other: all.filter((level) => counts.get(level)! < rare) };
}

/**
 * The number of each row's feature, or -1 where none is set. A number as text is the level of that number, however it
 * is written.
 * @throws `invalid-data` for a missing or unseen level where the state says so
 */
export function levelNumbers(
  { name, levels, other }: CategoricalState,
  values: ArrayLike<unknown>,
  { missing, unseen }: Pick<EncoderState, "missing" | "unseen">,
): Int32Array {
  const pooled = Array.isArray(other) ? (other as readonly string[]) : [];
  const lookup = new LevelLookup([...levels, ...pooled]);
  const last = levels.length;
  const numbers = new Int32Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = lookup.find(values[i]);
    if (number >= 0) numbers[i] = number < last ? number : last;
    else {
      if (number === LevelLookup.missing) refuseMissing("level", name, i, missing);
      else if (other === "any") {
        numbers[i] = last;
        continue;
      } else if (unseen === "error") refuseUnseen(name, i, values[i], levels);
      numbers[i] = -1;
    }
  }
  return numbers;
}
