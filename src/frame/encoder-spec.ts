import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { EncoderState, TextState } from "./encoder-state";

/** How text becomes features. */
export interface TextOptions {
  /** The shortest and the longest run of words that is counted, from 1 to 8. Default `[1, 2]`. */
  readonly ngrams?: readonly [shortest: number, longest: number];
  /** Text is hashed into `2 ** bits` columns, from 1 to 24. Default 18. */
  readonly bits?: number;
  /** Whether a count c enters as 1 + ln c. Default true. */
  readonly sublinear?: boolean;
  /**
   * Whether rare n-grams count for more, by the smooth inverse document frequency. It goes into `Dataset.scale`, not
   * into the features: each row has the norm 1 before it, and a model needs no frequencies to predict. Default true.
   */
  readonly tfidf?: boolean;
  /** Default true. */
  readonly lowercase?: boolean;
  /** The seed of the hash, an integer in [0, 2^32). Default 0. */
  readonly seed?: number;
}

/** A column of text with options of its own. */
export interface TextColumn extends TextOptions {
  readonly column: string;
}

/** Which columns become features, and how. At least one of `numeric`, `categorical` and `text` is needed. */
export interface EncoderSpec {
  /** The column of classes: text, numbers or booleans. */
  readonly label: string;
  /** Columns that are standardised: mean 0, standard deviation 1; a constant column becomes 0. */
  readonly numeric?: string | readonly string[];
  /** Columns that are one-hot: a feature a level, levels sorted as text. */
  readonly categorical?: string | readonly string[];
  /** Columns of text, hashed. */
  readonly text?: string | TextColumn | readonly (string | TextColumn)[];
  /** Options of all columns of text that don't say otherwise. */
  readonly textOptions?: TextOptions;
  /**
   * A missing value (null, undefined, NaN): `error` throws; `mean` takes the column's mean for a number and sets no
   * level of a category. Missing text is always empty. Default `error`.
   */
  readonly missing?: "error" | "mean";
  /** A level that the fit did not meet: `zero` sets no feature, `error` throws. Default `zero`. */
  readonly unseen?: "zero" | "error";
}

/** A spec with every default filled in. */
export interface CompleteSpec extends Pick<EncoderState, "label" | "missing" | "unseen"> {
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly text: readonly CompleteText[];
}

/** A column of text with every default filled in. */
export interface CompleteText extends TextState {
  readonly tfidf: boolean;
}

const specKeys = ["label", "numeric", "categorical", "text", "textOptions", "missing", "unseen"];
const textKeys = ["ngrams", "bits", "sublinear", "tfidf", "lowercase", "seed"];

/** Checks a spec and fills in its defaults. @throws `unknown-option`, `invalid-option`, `missing-option` */
export function parseSpec(spec: EncoderSpec): CompleteSpec {
  checkKeys(spec, specKeys, "TableEncoder.fit");
  const shared = spec.textOptions ?? {};
  checkKeys(shared, textKeys, "textOptions");
  if (typeof spec.label !== "string")
    fail("missing-option", { thing: "label", expected: "the name of a column" });
  const complete: CompleteSpec = {
    label: spec.label,
    numeric: list(spec.numeric),
    categorical: list(spec.categorical),
    text: list(spec.text).map((entry) => parseText(entry, shared)),
    missing: checkChoice(spec.missing ?? "error", "missing", ["error", "mean"]),
    unseen: checkChoice(spec.unseen ?? "zero", "unseen", ["zero", "error"]),
  };
  checkColumns(complete);
  return complete;
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function parseText(entry: string | TextColumn, shared: TextOptions): CompleteText {
  const own = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", ...textKeys], "text");
  const options: TextOptions = { ...shared, ...own };
  const [shortest, longest] = options.ngrams ?? [1, 2];
  checkNumber(shortest, "shortest n-gram", { integer: true, min: 1, max: 8 });
  checkNumber(longest, "longest n-gram", { integer: true, min: shortest, max: 8 });
  return {
    name: own.column,
    bits: checkNumber(options.bits ?? 18, "bits", { integer: true, min: 1, max: 24 }),
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true, min: 0, max: 2 ** 32 - 1 }),
    ngrams: [shortest, longest],
    sublinear: checkBoolean(options.sublinear ?? true, "sublinear"),
    lowercase: checkBoolean(options.lowercase ?? true, "lowercase"),
    tfidf: checkBoolean(options.tfidf ?? true, "tfidf"),
  };
}

function checkColumns({ label, numeric, categorical, text }: CompleteSpec): void {
  const names = [...numeric, ...categorical, ...text.map(({ name }) => name)];
  if (names.length === 0) {
    fail("missing-option", { thing: "columns of features", expected: "numeric, categorical or text" });
  }
  const again = names.find((name, i) => names.indexOf(name) !== i || name === label);
  if (again === undefined) return;
  fail("invalid-option", {
    thing: "column of features",
    value: again,
    expected: again === label ? "another column than the label" : "each column once",
  });
}
