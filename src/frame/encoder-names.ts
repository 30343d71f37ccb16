import type { FeatureNames } from "../matrix/names";
import { blockName } from "./blocks/names";
import { blockWidth } from "./blocks/state";
import { type EncoderState, textWidth, widthOf } from "./encoder-state";

/** The n-gram that a hashed column is called by, where the fit met one. */
export type NgramName = (column: number) => string | undefined;

/**
 * The names of the features of an encoder: a numeric column's own, `column=level`, `column other` for pooled levels, for text the
 * n-gram that is in the vocabulary or that the fit remembers, else `column#number`, and for all other kinds as `blockName` says.
 */
export function encoderNames(state: EncoderState, ngrams: readonly (NgramName | null)[]): FeatureNames {
  const listed = [
    ...state.numeric.map(({ name }) => name),
    ...state.categorical.flatMap(({ name, levels, other }) => [
      ...levels.map((level) => `${name}=${level}`),
      ...(other === undefined ? [] : [`${name} other`]),
    ]),
  ];
  const { text, blocks = [] } = state;
  return {
    length: widthOf(state),
    at(column) {
      if (column < listed.length) return listed[column];
      let at = column - listed.length;
      for (const [k, own] of text.entries()) {
        if (at < textWidth(own)) return own.vocabulary?.[at] ?? ngrams[k]?.(at) ?? `${own.name}#${at}`;
        at -= textWidth(own);
      }
      let k = 0;
      while (k < blocks.length - 1 && at >= blockWidth(blocks[k])) at -= blockWidth(blocks[k++]);
      return blockName(blocks[k], at);
    },
  };
}
