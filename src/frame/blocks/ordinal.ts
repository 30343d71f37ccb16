import { fail } from "../../base/errors";
import type { EncoderState } from "../encoder-state";
import { LevelLookup } from "../level-lookup";
import { refuseMissing, refuseUnseen } from "../missing";
import { fitNumeric, standardFrom } from "../numeric";
import type { OrdinalState } from "./state";

/** What to do at a fit about a level that is not listed. */
const unlisted = "List the level, or leave its rows out.";

/**
 * Mean and standard deviation of the places of a column's levels.
 * @throws `invalid-data` for a level that is not listed, or missing where it may not be; `empty-data` for a column without a level
 */
export function fitOrdinal(
  name: string,
  values: ArrayLike<unknown>,
  levels: readonly string[],
  missing: EncoderState["missing"],
): OrdinalState {
  const places = placesOf({ name, levels }, values, { missing, unseen: "error" }, unlisted);
  const { mean, scale } = fitNumeric(name, places, "mean");
  return { kind: "ordinal", name, levels, mean, scale };
}

/**
 * As {@link fitOrdinal}, of counts.
 * @param counts how many rows have each of the levels
 * @param rows all, those without a level too
 * @throws `empty-data` where no row has a level
 */
export function ordinalOf(
  name: string,
  levels: readonly string[],
  counts: ArrayLike<number>,
  rows: number,
): OrdinalState {
  let count = 0;
  let sum = 0;
  levels.forEach((_, place) => {
    count += counts[place];
    sum += place * counts[place];
  });
  if (count === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  const centre = sum / count;
  const squares = levels.reduce((all, _, place) => all + counts[place] * (place - centre) ** 2, 0);
  const { mean, scale } = standardFrom(name, centre, squares / rows);
  return { kind: "ordinal", name, levels, mean, scale };
}

/** The feature of each row; 0 where the level is missing or not listed. @throws `invalid-data` where it may not be */
export function ordinalValues(
  state: OrdinalState,
  values: ArrayLike<unknown>,
  policy: Pick<EncoderState, "missing" | "unseen">,
): Float64Array {
  return placesOf(state, values, policy).map((k) => (Number.isNaN(k) ? 0 : (k - state.mean) / state.scale));
}

function placesOf(
  { name, levels }: Pick<OrdinalState, "name" | "levels">,
  values: ArrayLike<unknown>,
  { missing, unseen }: Pick<EncoderState, "missing" | "unseen">,
  remedy?: string,
): Float64Array {
  const lookup = new LevelLookup(levels);
  return Float64Array.from({ length: values.length }, (_, i) => {
    const place = lookup.find(values[i]);
    if (place >= 0) return place;
    if (place === LevelLookup.missing) refuseMissing("level", name, i, missing);
    else if (unseen === "error") refuseUnseen(name, i, values[i], levels, remedy);
    return Number.NaN;
  });
}
