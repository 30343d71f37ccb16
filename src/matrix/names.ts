import { fail } from "../base/errors";

/** The names of the features, looked up one at a time, since hashed text has hundreds of thousands of columns. */
export interface FeatureNames {
  /** The number of names. */
  readonly length: number;
  /** The name of feature `column`, from 0. */
  at(column: number): string;
}

/** Names `x0, x1, ...`, for features that were given none. */
export function numberedNames(length: number): FeatureNames {
  return { length, at: (column) => `x${column}` };
}

/** Names from a list. */
export function listedNames(names: readonly string[]): FeatureNames {
  return {
    length: names.length,
    at: (column) => names[column] ?? fail("invalid-option", { thing: "feature number", value: column }),
  };
}
