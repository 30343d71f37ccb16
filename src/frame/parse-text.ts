import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkTexts, nameOf } from "./check-spec";
import type { CompleteText, TextColumn, TextOptions } from "./encoder-spec";
import type { TextState } from "./encoder-state";

/** The options of text. */
export const textKeys: readonly string[] = [
  ...["ngrams", "bits", "sublinear", "tfidf", "lowercase", "seed", "unit", "stopWords", "vocabulary"],
];

/** Checks a column of text and fills in its defaults. @throws `unknown-option`, `invalid-option`, `missing-option` */
export function parseText(entry: string | TextColumn, shared: TextOptions): CompleteText {
  const own = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", ...textKeys], "text");
  const options: TextOptions = { ...shared, ...own };
  const [shortest, longest] = options.ngrams ?? [1, 2];
  checkNumber(shortest, "shortest n-gram", { integer: true, min: 1, max: 8 });
  checkNumber(longest, "longest n-gram", { integer: true, min: shortest, max: 8 });
  const bits = checkNumber(options.bits ?? 18, "bits", { integer: true, min: 1, max: 24 });
  const vocabulary = parseVocabulary(options);
  const unit = checkChoice(options.unit ?? "word", "unit", ["word", "character"]);
  const state: TextState = {
    name: nameOf(own.column, "text"),
    bits: vocabulary === null ? bits : 0,
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true, min: 0, max: 2 ** 32 - 1 }),
    ngrams: [shortest, longest],
    sublinear: checkBoolean(options.sublinear ?? true, "sublinear"),
    lowercase: checkBoolean(options.lowercase ?? true, "lowercase"),
    ...(unit === "character" ? { unit } : {}),
    ...parseStopWords(options),
  };
  return { state, tfidf: checkBoolean(options.tfidf ?? true, "tfidf"), vocabulary };
}

function parseStopWords({ stopWords }: TextOptions): Pick<TextState, "stopWords"> {
  if (stopWords === undefined || stopWords === "english") return stopWords === undefined ? {} : { stopWords };
  return { stopWords: checkedList(stopWords, "stopWords") };
}

function parseVocabulary({ vocabulary, bits }: TextOptions): CompleteText["vocabulary"] {
  if (vocabulary === undefined) return null;
  if (bits !== undefined) {
    fail("invalid-option", { thing: "bits", value: bits, expected: "no bits beside a vocabulary" });
  }
  if (Array.isArray(vocabulary)) return checkedList(vocabulary, "vocabulary");
  const plan = vocabulary as { readonly minRows?: number; readonly most?: number };
  checkKeys(plan, ["minRows", "most"], "vocabulary");
  return {
    minRows: checkNumber(plan.minRows ?? 2, "minRows", { integer: true, min: 1 }),
    most: checkNumber(plan.most ?? 65_536, "most", { integer: true, min: 1, max: 2 ** 24 }),
  };
}

function checkedList(value: unknown, thing: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) {
    return fail("invalid-option", { thing, value, expected: "a list of texts" });
  }
  checkTexts(value, thing, 1);
  return [...value].sort();
}
