import type { Label } from "../matrix/dataset";

/** How a column of numbers becomes a feature: `(x - mean) / scale`. */
export interface NumericState {
  readonly name: string;
  /** The mean of the column's rows at the fit; missing values count as it where `missing` is `"mean"`. */
  readonly mean: number;
  /** The standard deviation (divisor n), or 1 for a constant column. */
  readonly scale: number;
}

/** How a column of categories becomes one feature a level: 1 where the row has the level, else 0. */
export interface CategoricalState {
  readonly name: string;
  /** The levels met at the fit, as text, sorted; one feature each, in this order. */
  readonly levels: readonly string[];
}

/** How a column of text becomes `2 ** bits` features. */
export interface TextState {
  readonly name: string;
  /** The number of columns is `2 ** bits`. */
  readonly bits: number;
  /** The seed of the hash (MurmurHash3 x86 32). */
  readonly seed: number;
  /** The shortest and the longest run of words that is counted. */
  readonly ngrams: readonly [shortest: number, longest: number];
  /** Whether a count c enters as 1 + ln c instead of c. */
  readonly sublinear: boolean;
  /** Whether text is lower-cased before it is parted into words. */
  readonly lowercase: boolean;
}

/**
 * All that is needed to encode new rows as at the fit, as plain values that can be serialised. The features stand in
 * this order: numeric columns, then the levels of each categorical column, then the columns of each text block.
 */
export interface EncoderState {
  /** The label column. */
  readonly label: string;
  /** The classes in the order of their numbers. */
  readonly classes: readonly Label[];
  readonly numeric: readonly NumericState[];
  readonly categorical: readonly CategoricalState[];
  readonly text: readonly TextState[];
  /** What a missing number or level does: throws; or a number is the mean and no level is set. Missing text is empty. */
  readonly missing: "error" | "mean";
  /** What a level does that the fit did not meet: no feature of its column is set, or it throws. */
  readonly unseen: "zero" | "error";
}

/** The number of features that an encoder of this state gives. */
export function widthOf(state: EncoderState): number {
  const levels = state.categorical.reduce((sum, { levels }) => sum + levels.length, 0);
  const buckets = state.text.reduce((sum, { bits }) => sum + 2 ** bits, 0);
  return state.numeric.length + levels + buckets;
}
