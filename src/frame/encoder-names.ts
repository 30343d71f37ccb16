import type { FeatureNames } from "../matrix/names";
import { type EncoderState, widthOf } from "./encoder-state";

/** The n-gram that a hashed column is called by, where the fit met one. */
export type NgramName = (column: number) => string | undefined;

/**
 * The names of the features of an encoder: a numeric column's own, `column=level`, and for hashed text the n-gram that
 * the fit remembers, else `column#number`.
 */
export function encoderNames(state: EncoderState, ngrams: readonly (NgramName | null)[]): FeatureNames {
  const listed = [
    ...state.numeric.map(({ name }) => name),
    ...state.categorical.flatMap(({ name, levels }) => levels.map((level) => `${name}=${level}`)),
  ];
  return {
    length: widthOf(state),
    at(column) {
      if (column < listed.length) return listed[column];
      let offset = listed.length;
      let block = 0;
      while (column >= offset + 2 ** state.text[block].bits) offset += 2 ** state.text[block++].bits;
      return ngrams[block]?.(column - offset) ?? `${state.text[block].name}#${column - offset}`;
    },
  };
}
