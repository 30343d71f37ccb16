import { blockWidth } from "./blocks/state";
import { type EncoderState, levelWidth, textWidth, widthOf } from "./encoder-state";

/** An encoder's state with fewer features, and which of the former ones they are. */
interface KeptFeatures {
  readonly state: EncoderState;
  /** The former number of each feature, ascending. */
  readonly columns: Uint32Array;
  /** The former numbers of the text columns that are left. */
  readonly texts: readonly number[];
}

/**
 * Leaves out of an encoder's state what no feature wanted needs: columns of numbers, levels of categories (where a level
 * that was not met at the fit is no error and none are pooled; else the whole column or nothing) and whole columns of text and blocks of
 * other kinds. Text becomes all of its features or none.
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
  const categorical = state.categorical.flatMap((column) => {
    const { name, levels, other } = column;
    const from = next;
    next += levelWidth(column);
    const own = Array.from({ length: next - from }, (_, level) => wanted[from + level] === 1);
    if (!own.includes(true)) return [];
    if (other !== undefined) {
      // A level that left would become one of the others.
      for (let feature = from; feature < next; feature++) columns.push(feature);
      return [column];
    }
    const kept = own.map((one) => one || state.unseen === "error");
    kept.forEach((one, level) => {
      if (one) columns.push(from + level);
    });
    return [{ name, levels: levels.filter((_, level) => kept[level]) }];
  });
  const texts = [...state.text.keys()].filter((block) => {
    const from = next;
    next += textWidth(state.text[block]);
    if (!wanted.subarray(from, next).includes(1)) return false;
    for (let column = from; column < next; column++) columns.push(column);
    return true;
  });
  const blocks = (state.blocks ?? []).filter((block) => {
    const from = next;
    next += blockWidth(block);
    if (!wanted.subarray(from, next).includes(1)) return false;
    for (let column = from; column < next; column++) columns.push(column);
    return true;
  });
  const { blocks: _, ...others } = state;
  const text = texts.map((block) => state.text[block]);
  const kept = { ...others, numeric, categorical, text, ...(blocks.length > 0 ? { blocks } : {}) };
  return {
    state: columns.length === widthOf(state) ? state : kept,
    columns: Uint32Array.from(columns),
    texts,
  };
}
