import { fail } from "../base/errors";
import type { TextState } from "./encoder-state";
import type { Pacer } from "./pacer";
import { TermCounts } from "./term-counts";
import { inverseFrequencies } from "./vocabulary";

/** Which n-grams a vocabulary takes. */
export interface VocabularyPlan {
  /** The fewest rows that an n-gram is in. */
  readonly minRows: number;
  /** The most n-grams; those of the most rows are taken, then the first in the order of code units. */
  readonly most: number;
}

/** A vocabulary and how rare its n-grams are. */
interface FittedVocabulary {
  readonly terms: readonly string[];
  readonly inverseFrequencies: Float32Array;
}

/** The n-grams of texts. @throws `empty-data` where none is in enough rows; `cancelled` */
export function fitVocabulary(
  texts: readonly string[],
  state: TextState,
  plan: VocabularyPlan | readonly string[],
  pacer: Pacer,
): FittedVocabulary {
  const listed = "minRows" in plan ? null : plan;
  const counts = new TermCounts(state, listed);
  texts.forEach((text, row) => {
    pacer.at(row);
    counts.add(text);
  });
  pacer.at(texts.length);
  if (!("minRows" in plan)) {
    return { terms: plan, inverseFrequencies: inverseFrequencies(counts.frequencies, texts.length) };
  }
  const kept = keptTerms([...counts.terms(plan.minRows)], plan.most, state.name);
  return {
    terms: kept.map(({ text }) => text),
    inverseFrequencies: inverseFrequencies(
      kept.map(({ rows }) => rows),
      texts.length,
    ),
  };
}

/**
 * The n-grams of the most rows, of as many the first, in the order of code units.
 * @param column that they are of
 * @throws `empty-data` for none
 */
export function keptTerms<T extends { readonly text: string; readonly rows: number }>(
  often: readonly T[],
  most: number,
  column: string,
): T[] {
  if (often.length === 0) {
    fail("empty-data", {
      thing: "vocabulary of column",
      value: column,
      expected: "an n-gram in enough rows",
    });
  }
  const order = (a: string, b: string): number => (a < b ? -1 : 1);
  const kept = [...often].sort((a, b) => b.rows - a.rows || order(a.text, b.text)).slice(0, most);
  return kept.sort((a, b) => order(a.text, b.text));
}
