import type { Label } from "../matrix/dataset";
import { type BlockState, blockWidth } from "./blocks/state";

/** How a column of numbers becomes a feature: `(x - mean) / scale`. */
export interface NumericState {
  /** The column's name. */
  readonly name: string;
  /**
   * The mean of the column's rows at the fit, or their median where it is scaled robustly; missing values count as it
   * where `missing` is `"mean"`.
   */
  readonly mean: number;
  /** The standard deviation (divisor n), or the range between the quartiles; 1 for a constant column. */
  readonly scale: number;
}

/** How a column of categories becomes one feature a level: 1 where the row has the level, else 0. */
export interface CategoricalState {
  /** The column's name. */
  readonly name: string;
  /** The levels met at the fit, as text, sorted; one feature each, in this order. */
  readonly levels: readonly string[];
  /**
   * What sets one more feature, the last of the column: the levels that are listed (those that were rare at the fit), or
   * where it is `"any"` each level that has no feature of its own. Left out where there is no such feature.
   */
  readonly other?: "any" | readonly string[];
}

/** How a column of text becomes `2 ** bits` features, or one a term of its vocabulary. */
export interface TextState {
  /** The column's name. */
  readonly name: string;
  /** The number of columns is `2 ** bits`; 0 where there is a vocabulary. */
  readonly bits: number;
  /** The seed of the hash (MurmurHash3 x86 32). */
  readonly seed: number;
  /** The shortest and the longest run of words that is counted. */
  readonly ngrams: readonly [shortest: number, longest: number];
  /** Whether a count c enters as 1 + ln c instead of c. */
  readonly sublinear: boolean;
  /** Whether text is lower-cased before it is parted into words. */
  readonly lowercase: boolean;
  /** What n-grams are of: characters, of the words joined by single spaces. Left out where it is words. */
  readonly unit?: "character";
  /** Words that are left out before n-grams are formed, sorted, or the name of a list. Left out where there are none. */
  readonly stopWords?: "english" | readonly string[];
  /** The n-grams that are features, sorted by code units; all others count for nothing. Left out where text is hashed. */
  readonly vocabulary?: readonly string[];
}

/**
 * All that is needed to encode new rows as at the fit, as plain values that can be serialised. The features stand in
 * this order: numeric columns, then the levels of each categorical column, then the columns of each text column, then
 * those of each block.
 */
export interface EncoderState {
  /** The label column. */
  readonly label: string;
  /** The classes in the order of their numbers. */
  readonly classes: readonly Label[];
  /** Columns of numbers, a feature each. */
  readonly numeric: readonly NumericState[];
  /** Columns of levels, a feature a level. */
  readonly categorical: readonly CategoricalState[];
  /** Columns of text. */
  readonly text: readonly TextState[];
  /** Features of all other kinds, in this order. Left out where there are none. */
  readonly blocks?: readonly BlockState[];
  /** What a missing number or level does: throws; or a number is the mean and no level is set. Missing text is empty. */
  readonly missing: "error" | "mean";
  /** What a level does that the fit did not meet: no feature of its column is set, or it throws. */
  readonly unseen: "zero" | "error";
}

/** The number of features that an encoder of this state gives. */
export function widthOf({ numeric, categorical, text, blocks = [] }: EncoderState): number {
  const levels = categorical.reduce((sum, column) => sum + levelWidth(column), 0);
  const terms = text.reduce((sum, column) => sum + textWidth(column), 0);
  return numeric.length + levels + terms + blocks.reduce((sum, block) => sum + blockWidth(block), 0);
}

/** The number of features of a column of categories. */
export function levelWidth({ levels, other }: CategoricalState): number {
  return levels.length + Number(other !== undefined);
}

/** The number of features of a column of text. */
export function textWidth({ bits, vocabulary }: TextState): number {
  return vocabulary === undefined ? 2 ** bits : vocabulary.length;
}
