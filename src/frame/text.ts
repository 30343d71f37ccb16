import type { TextState } from "./encoder-state";
import { textWidth } from "./encoder-state";
import { Ngrams } from "./ngrams";
import { stopWordsOf } from "./stop-words";
import { TermTable } from "./term-table";
import { Words } from "./words";

/** Logarithms of counts below this are kept. */
const mostKept = 4096;

/**
 * Turns texts into counts of n-grams, one text at a time: each run of words of a length within `ngrams`, joined by
 * single spaces in UTF-8, or each run of characters of the words so joined, counts in the column of its hash's low bits
 * (Weinberger et al., 2009, without signs) or of its place in the vocabulary; a count c enters as 1 + ln c where
 * `sublinear`, and the row is scaled to the Euclidean norm 1. A text without n-grams is a row of zeros.
 */
export class TextHasher {
  /** The columns of the last text, ascending; the first `size` count. */
  columns: Uint32Array = new Uint32Array(1024);
  /** The values of the last text. */
  values: Float32Array = new Float32Array(1024);
  /** The number of columns of the last text. */
  size = 0;
  readonly #words: Words;
  readonly #ngrams: Ngrams;
  readonly #counts: Uint32Array;
  readonly #terms: TermTable | null;
  readonly #weights: Float64Array;

  constructor(readonly state: TextState) {
    this.#words = new Words(stopWordsOf(state));
    this.#ngrams = new Ngrams(state);
    this.#counts = new Uint32Array(textWidth(state));
    this.#terms = state.vocabulary === undefined ? null : TermTable.of(state.vocabulary, state.seed);
    this.#weights = Float64Array.from({ length: mostKept }, (_, count) => weightOf(count, state.sublinear));
  }

  /** Hashes one text into `columns`, `values` and `size`. */
  hash(text: string): void {
    this.#words.clear();
    this.#words.add(text, this.state.lowercase);
    this.#ngrams.read(this.#words);
    this.take(this.#ngrams, this.#words.bytes);
  }

  /** Puts the n-grams of one text into `columns`, `values` and `size`. @param bytes of its words */
  take(ngrams: Ngrams, bytes: Uint8Array): void {
    this.#count(ngrams, bytes);
    this.#weigh();
  }

  #count({ count, hashes, froms, tos }: Ngrams, bytes: Uint8Array): void {
    const counts = this.#counts;
    this.#reserve(Math.min(count, counts.length));
    const { columns } = this;
    const terms = this.#terms;
    let size = 0;
    if (terms === null) {
      const mask = counts.length - 1;
      for (let k = 0; k < count; k++) {
        const column = hashes[k] & mask;
        if (counts[column]++ === 0) columns[size++] = column;
      }
    } else {
      for (let k = 0; k < count; k++) {
        const column = terms.find(bytes, froms[k], tos[k], hashes[k]);
        if (column >= 0 && counts[column]++ === 0) columns[size++] = column;
      }
    }
    this.size = size;
  }

  #weigh(): void {
    const columns = this.columns.subarray(0, this.size).sort();
    const counts = this.#counts;
    const weights = this.#weights;
    const { values } = this;
    const { sublinear } = this.state;
    let squares = 0;
    for (let k = 0; k < columns.length; k++) {
      const count = counts[columns[k]];
      squares += (count < mostKept ? weights[count] : weightOf(count, sublinear)) ** 2;
    }
    const norm = Math.sqrt(squares);
    for (let k = 0; k < columns.length; k++) {
      const count = counts[columns[k]];
      values[k] = (count < mostKept ? weights[count] : weightOf(count, sublinear)) / norm;
      counts[columns[k]] = 0;
    }
  }

  #reserve(most: number): void {
    if (this.columns.length >= most) return;
    this.columns = new Uint32Array(2 * most);
    this.values = new Float32Array(2 * most);
  }
}

function weightOf(count: number, sublinear: boolean): number {
  return sublinear ? 1 + Math.log(count) : count;
}
