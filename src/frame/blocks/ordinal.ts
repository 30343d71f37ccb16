import type { EncoderState } from "../encoder-state";
import { LevelLookup } from "../level-lookup";
import { refuseMissing, refuseUnseen } from "../missing";
import { fitNumeric } from "../numeric";
import type { OrdinalState } from "./state";

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
  const places = placesOf({ name, levels }, values, { missing, unseen: "error" });
  const { mean, scale } = fitNumeric(name, places, "mean");
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
): Float64Array {
  const lookup = new LevelLookup(levels);
  return Float64Array.from({ length: values.length }, (_, i) => {
    const place = lookup.find(values[i]);
    if (place >= 0) return place;
    if (place === LevelLookup.missing) refuseMissing("level", name, i, missing);
    else if (unseen === "error") refuseUnseen(name, i, values[i], levels);
    return Number.NaN;
  });
}
