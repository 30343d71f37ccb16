import type { TextState } from "./encoder-state";
import { Ngrams } from "./ngrams";
import { stopWordsOf } from "./stop-words";
import { TermTable } from "./term-table";
import { Words } from "./words";

/** In how many texts n-grams occur, text by text. */
export class TermCounts {
  /** The texts so far. */
  rows = 0;
  readonly #state: TextState;
  readonly #words: Words;
  readonly #ngrams: Ngrams;
  readonly #listed: boolean;
  #table: TermTable;
  #frequencies: number[];
  #lastRow: number[];

  /** @param listed the n-grams that count; `null` for all */
  constructor(state: TextState, listed: readonly string[] | null) {
    this.#state = state;
    this.#words = new Words(stopWordsOf(state));
    this.#ngrams = new Ngrams(state);
    this.#listed = listed !== null;
    this.#table = listed === null ? new TermTable() : TermTable.of(listed, state.seed);
    this.#frequencies = new Array(this.#table.size).fill(0);
    this.#lastRow = new Array(this.#table.size).fill(-1);
  }

  /** The n-grams that are held. */
  get size(): number {
    return this.#table.size;
  }

  /** In how many texts each n-gram occurs, in the order in which they were listed or met. */
  get frequencies(): readonly number[] {
    return this.#frequencies;
  }

  /** Counts one text. */
  add(text: string): void {
    const words = this.#words;
    const table = this.#table;
    const row = this.rows++;
    words.clear();
    words.add(text, this.#state.lowercase);
    const { bytes } = words;
    this.#ngrams.read(words);
    const { count, hashes, froms, tos } = this.#ngrams;
    for (let k = 0; k < count; k++) {
      const term = this.#listed
        ? table.find(bytes, froms[k], tos[k], hashes[k])
        : table.add(bytes, froms[k], tos[k], hashes[k]);
      if (term < 0 || this.#lastRow[term] === row) continue;
      this.#lastRow[term] = row;
      this.#frequencies[term] = (this.#frequencies[term] ?? 0) + 1;
    }
  }

  /** The n-grams in at least so many texts. */
  *terms(least: number): Generator<{ readonly text: string; readonly rows: number }> {
    for (const [term, rows] of this.#frequencies.entries()) {
      if (rows >= least) yield { text: this.#table.text(term), rows };
    }
  }

  /** Lets the n-grams go, which are counted anew from now on. */
  forget(): void {
    this.#table = new TermTable();
    this.#frequencies = [];
    this.#lastRow = [];
  }
}
