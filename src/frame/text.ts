import type { TextState } from "./encoder-state";
import { murmur3 } from "./murmur";
import { Words } from "./words";

/**
 * Hashes texts into `2 ** bits` columns, one text at a time: each run of words of a length within `ngrams`, joined by
 * single spaces in UTF-8, counts in the column of its hash's low bits (Weinberger et al., 2009, without signs); a
 * count c enters as 1 + ln c where `sublinear`, and the row is scaled to the Euclidean norm 1. A text without words is
 * a row of zeros.
 */
export class TextHasher {
  /** The columns of the last text, ascending; the first `size` count. */
  columns: Uint32Array = new Uint32Array(1024);
  /** The values of the last text. */
  values: Float32Array = new Float32Array(1024);
  /** The number of columns of the last text. */
  size = 0;
  readonly #words = new Words();
  readonly #counts: Uint32Array;

  constructor(readonly state: TextState) {
    this.#counts = new Uint32Array(2 ** state.bits);
  }

  /** Hashes one text into `columns`, `values` and `size`. */
  hash(text: string): void {
    this.#words.clear();
    this.#words.add(text, this.state.lowercase);
    this.#reserve();
    this.size = 0;
    forEachNgram(this.#words, this.state, (hash) => {
      const column = hash & (this.#counts.length - 1);
      if (this.#counts[column]++ === 0) this.columns[this.size++] = column;
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
    const most = Math.min(this.#words.count * (longest - shortest + 1), this.#counts.length);
    if (this.columns.length >= most) return;
    this.columns = new Uint32Array(2 * most);
    this.values = new Float32Array(2 * most);
  }
}

/** Calls `visit` with the hash and the stretch of bytes of each n-gram of the words from `first` on. */
export function forEachNgram(
  words: Words,
  { ngrams: [shortest, longest], seed }: TextState,
  visit: (hash: number, from: number, to: number) => void,
  first = 0,
): void {
  const { bytes, starts, ends, count } = words;
  for (let i = first; i < count; i++) {
    const from = starts[i];
    for (let j = i + shortest - 1; j < i + longest && j < count; j++) {
      visit(murmur3(bytes, from, ends[j], seed), from, ends[j]);
    }
  }
}
