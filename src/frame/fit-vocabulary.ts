import { fail } from "../base/errors";
import type { TextState } from "./encoder-state";
import { Ngrams } from "./ngrams";
import type { Pacer } from "./pacer";
import { stopWordsOf } from "./stop-words";
import { TermTable } from "./term-table";
import { inverseFrequencies } from "./vocabulary";
import { Words } from "./words";

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
  const table = listed === null ? new TermTable() : TermTable.of(listed, state.seed);
  const frequencies: number[] = new Array(table.size).fill(0);
  const lastRow: number[] = new Array(table.size).fill(-1);
  const words = new Words(stopWordsOf(state));
  const ngrams = new Ngrams(state);
  texts.forEach((text, row) => {
    pacer.at(row);
    words.clear();
    words.add(text, state.lowercase);
    const { bytes } = words;
    ngrams.read(words);
    const { count, hashes, froms, tos } = ngrams;
    for (let k = 0; k < count; k++) {
      const term =
        listed === null
          ? table.add(bytes, froms[k], tos[k], hashes[k])
          : table.find(bytes, froms[k], tos[k], hashes[k]);
      if (term < 0 || lastRow[term] === row) continue;
      lastRow[term] = row;
      frequencies[term] = (frequencies[term] ?? 0) + 1;
    }
  });
  pacer.at(texts.length);
  if (!("minRows" in plan)) {
    return { terms: plan, inverseFrequencies: inverseFrequencies(frequencies, texts.length) };
  }
  const often = frequencies.flatMap((rows, term) =>
    rows >= plan.minRows ? [{ rows, text: table.text(term) }] : [],
  );
  if (often.length === 0) {
    fail("empty-data", {
      thing: "vocabulary of column",
      value: state.name,
      expected: "an n-gram in enough rows",
    });
  }
  const order = (a: string, b: string): number => (a < b ? -1 : 1);
  const kept = often.sort((a, b) => b.rows - a.rows || order(a.text, b.text)).slice(0, plan.most);
  kept.sort((a, b) => order(a.text, b.text));
  return {
    terms: kept.map(({ text }) => text),
    inverseFrequencies: inverseFrequencies(
      kept.map(({ rows }) => rows),
      texts.length,
    ),
  };
}
