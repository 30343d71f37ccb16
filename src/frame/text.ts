import type { TextState } from "./encoder-state";
import { textWidth } from "./encoder-state";
import { murmur3 } from "./murmur";
import { stopWordsOf } from "./stop-words";
import { TermTable } from "./term-table";
import { Words } from "./words";

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
  readonly #counts: Uint32Array;
  readonly #terms: TermTable | null;

  constructor(readonly state: TextState) {
    this.#words = new Words(stopWordsOf(state));
    this.#counts = new Uint32Array(textWidth(state));
    this.#terms = state.vocabulary === undefined ? null : TermTable.of(state.vocabulary, state.seed);
  }

  /** Hashes one text into `columns`, `values` and `size`. */
  hash(text: string): void {
    this.#words.clear();
    this.#words.add(text, this.state.lowercase);
    this.#reserve();
    this.size = 0;
    const counts = this.#counts;
    const mask = counts.length - 1;
    const terms = this.#terms;
    const { bytes } = this.#words;
    forEachNgram(this.#words, this.state, (hash, from, to) => {
      const column = terms === null ? hash & mask : terms.find(bytes, from, to, hash);
      if (column >= 0 && counts[column]++ === 0) this.columns[this.size++] = column;
    });
    this.#weigh();
  }

  #weigh(): void {
    const columns = this.columns.subarray(0, this.size).sort();
    let squares = 0;
    for (const column of columns) squares += this.#weight(this.#counts[column]) ** 2;
    const norm = Math.sqrt(squares);
    for (let k = 0; k < columns.length; k++) {
      this.values[k] = this.#weight(this.#counts[columns[k]]) / norm;
      this.#counts[columns[k]] = 0;
    }
  }

  #weight(count: number): number {
    return this.state.sublinear ? 1 + Math.log(count) : count;
  }

  #reserve(): void {
    const [shortest, longest] = this.state.ngrams;
    const { count, starts, ends } = this.#words;
    const units = this.state.unit === undefined || count === 0 ? count : ends[count - 1] - starts[0];
    const most = Math.min(units * (longest - shortest + 1), this.#counts.length);
    if (this.columns.length >= most) return;
    this.columns = new Uint32Array(2 * most);
    this.values = new Float32Array(2 * most);
  }
}

/** Calls `visit` with the hash and the stretch of bytes of each n-gram of the words from `first` on. */
export function forEachNgram(
  words: Words,
  { ngrams: [shortest, longest], seed, unit }: TextState,
  visit: (hash: number, from: number, to: number) => void,
  first = 0,
): void {
  const { bytes, starts, ends, count } = words;
  if (unit === "character") {
    if (first < count) forEachRun(bytes, starts[first], ends[count - 1], shortest, longest, seed, visit);
    return;
  }
  for (let i = first; i < count; i++) {
    const from = starts[i];
    for (let j = i + shortest - 1; j < i + longest && j < count; j++) {
      visit(murmur3(bytes, from, ends[j], seed), from, ends[j]);
    }
  }
}

function forEachRun(
  bytes: Uint8Array,
  start: number,
  end: number,
  shortest: number,
  longest: number,
  seed: number,
  visit: (hash: number, from: number, to: number) => void,
): void {
  for (let from = start; from < end; from = afterCharacter(bytes, from)) {
    let to = from;
    for (let length = 1; length <= longest && to < end; length++) {
      to = afterCharacter(bytes, to);
      if (length >= shortest) visit(murmur3(bytes, from, to, seed), from, to);
    }
  }
}

function afterCharacter(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  return at + (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}
