import { checkChoice, checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { list } from "../frame/check-spec";
import type { EncoderState, TextState } from "../frame/encoder-state";
import { parseText, textKeys } from "../frame/parse-text";
import type { TableSpec, TableText } from "./source";

/** How the columns of a table become features, every default filled in. */
export interface CompleteSpec {
  readonly label: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly text: readonly TextState[];
  /** Of each column of text, whether rare n-grams count for more. */
  readonly tfidf: readonly boolean[];
  readonly weights: string | null;
  readonly missing: "error" | "mean";
  readonly unseen: "zero" | "error";
}

/** The one of `kinds` that says where the rows lie. @throws `missing-option`, `invalid-option` */
export function sourceKind<K extends string>(
  table: Readonly<Partial<Record<K, unknown>>>,
  kinds: readonly K[],
): K {
  const given = kinds.filter((kind) => table[kind] !== undefined);
  if (given.length === 1) return given[0];
  return fail(given.length === 0 ? "missing-option" : "invalid-option", {
    thing: "source of the table",
    ...(given.length === 0 ? {} : { value: given.join(" and ") }),
    expected: `one of ${kinds.slice(0, -1).join(", ")} and ${kinds[kinds.length - 1]}`,
  });
}

/** Checks what is said of the columns and fills in the defaults. @throws `missing-option`, `invalid-option` */
export function parseSpec(spec: TableSpec): CompleteSpec {
  if (typeof spec.label !== "string") {
    fail("missing-option", { thing: "label", expected: "the name of a column" });
  }
  const texts = parseTexts(spec);
  const complete: CompleteSpec = {
    label: spec.label,
    numeric: list(spec.numeric),
    categorical: list(spec.categorical),
    text: texts.map(({ state }) => state),
    tfidf: texts.map(({ tfidf }) => tfidf),
    weights: spec.weights ?? null,
    missing: checkChoice(spec.missing ?? "error", "missing", ["error", "mean"]),
    unseen: checkChoice(spec.unseen ?? "zero", "unseen", ["zero", "error"]),
  };
  checkColumns(complete);
  return complete;
}

function parseTexts({
  text,
  textOptions = {},
}: Pick<TableSpec, "text" | "textOptions">): { state: TextState; tfidf: boolean }[] {
  checkKeys(textOptions, textKeys, "textOptions");
  return list<string | TableText>(text).map((entry) => {
    const { state, tfidf, vocabulary } = parseText(entry, textOptions);
    if (vocabulary === null) return { state, tfidf };
    if (!("minRows" in vocabulary)) return { state: { ...state, vocabulary }, tfidf };
    return fail("invalid-option", {
      thing: "vocabulary that is to be learnt of",
      value: state.name,
      expected: "text that is hashed, or n-grams that are listed",
      remedy: "Learn it of a sample in memory, and list its n-grams.",
    });
  });
}

/** Refuses an encoder that was fitted to other columns. @throws `invalid-option` */
export function checkGiven(
  { label, numeric, categorical, text }: Pick<CompleteSpec, "label" | "numeric" | "categorical" | "text">,
  given: EncoderState,
): void {
  const own = [label, ...numeric, ...categorical, ...text.map(({ name }) => name)];
  const known = [...given.numeric, ...given.categorical, ...given.text];
  const theirs = [given.label, ...known.map(({ name }) => name)];
  if ((given.blocks?.length ?? 0) === 0 && own.join("\0") === theirs.join("\0")) return;
  fail("invalid-option", {
    thing: "columns of the encoder to go by",
    value: theirs.join(", "),
    expected: `those of the table, of these kinds: ${own.join(", ")}`,
  });
}

function checkColumns({ label, numeric, categorical, text, weights }: CompleteSpec): void {
  const names = [...numeric, ...categorical, ...text.map(({ name }) => name)];
  if (names.length === 0) {
    fail("missing-option", { thing: "columns of features", expected: "numeric, categorical or text" });
  }
  const again = names.find((name, i) => names.indexOf(name) !== i || name === label || name === weights);
  if (again === undefined && weights !== label) return;
  fail("invalid-option", {
    thing: "column",
    value: again ?? label,
    expected: "each column once, as a label, a weight or a feature",
  });
}
