import { type EncoderState, widthOf } from "./encoder-state";

/** An encoder's state with fewer features, and which of the former ones they are. */
export interface KeptFeatures {
  readonly state: EncoderState;
  /** The former number of each feature, ascending. */
  readonly columns: Uint32Array;
  /** The former numbers of the text columns that are left. */
  readonly texts: readonly number[];
}

/**
 * Leaves out of an encoder's state what no feature wanted needs: columns of numbers, levels of categories (where a level
 * that was not met at the fit is no error; else the whole column or nothing) and whole columns of text. Text is
 * hashed to all of its features or to none.
 * @param wanted 1 for each feature that is wanted
 */
export function keepFeatures(state: EncoderState, wanted: Uint8Array): KeptFeatures {
  const columns: number[] = [];
  let next = 0;
  const numeric = state.numeric.filter(() => {
    const kept = wanted[next] === 1;
    if (kept) columns.push(next);
    next++;
    return kept;
  });
  const categorical = state.categorical.flatMap(({ name, levels }) => {
    const from = next;
    next += levels.length;
    const own = levels.map((_, level) => wanted[from + level] === 1);
    if (!own.includes(true)) return [];
    const kept = own.map((one) => one || state.unseen === "error");
    kept.forEach((one, level) => {
      if (one) columns.push(from + level);
    });
    return [{ name, levels: levels.filter((_, level) => kept[level]) }];
  });
  const texts = [...state.text.keys()].filter((block) => {
    const from = next;
    next += 2 ** state.text[block].bits;
    if (!wanted.subarray(from, next).includes(1)) return false;
    for (let column = from; column < next; column++) columns.push(column);
    return true;
  });
  const kept = { ...state, numeric, categorical, text: texts.map((block) => state.text[block]) };
  return {
    state: columns.length === widthOf(state) ? state : kept,
    columns: Uint32Array.from(columns),
    texts,
  };
}
