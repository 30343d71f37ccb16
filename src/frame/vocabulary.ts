import type { TextState } from "./encoder-state";
import { stopWordsOf } from "./stop-words";
import { forEachNgram } from "./text";
import { Words } from "./words";

/**
 * What a fit learns of a column of text: in how many rows each hashed column occurs, and an n-gram to call it by. The
 * name is found by the vote of Boyer and Moore (1981) in one pass without a table of all n-grams: the n-gram that fills
 * more than half of the column where there is one, else a frequent one.
 */
export class Vocabulary {
  /** The number of rows in which each column occurs. */
  readonly frequencies: Uint32Array;
  readonly #words: Words;
  readonly #lastRow: Uint32Array;
  readonly #votes: Uint32Array;
  readonly #hashes: Uint32Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  #rows = 0;

  constructor(readonly state: TextState) {
    const columns = 2 ** state.bits;
    this.#words = new Words(stopWordsOf(state));
    this.frequencies = new Uint32Array(columns);
    this.#lastRow = new Uint32Array(columns);
    this.#votes = new Uint32Array(columns);
    this.#hashes = new Uint32Array(columns);
    this.#from = new Uint32Array(columns);
    this.#to = new Uint32Array(columns);
  }

  /** Counts one row. */
  add(text: string): void {
    const row = ++this.#rows;
    const first = this.#words.count;
    this.#words.add(text, this.state.lowercase);
    const mask = this.frequencies.length - 1;
    const visit = (hash: number, from: number, to: number): void => {
      const column = hash & mask;
      if (this.#lastRow[column] !== row) {
        this.#lastRow[column] = row;
        this.frequencies[column]++;
      }
      if (this.#votes[column] === 0) {
        this.#hashes[column] = hash;
        this.#from[column] = from;
        this.#to[column] = to;
        this.#votes[column] = 1;
      } else if (this.#hashes[column] === hash) this.#votes[column]++;
      else this.#votes[column]--;
    };
    forEachNgram(this.#words, this.state, visit, first);
  }

  /** The smooth inverse document frequency of each column: 1 + ln((1 + rows) / (1 + frequency)). */
  inverseFrequencies(): Float32Array {
    return inverseFrequencies(this.frequencies, this.#rows);
  }

  /** The n-gram of each column; `undefined` for a column that no row has. Packed into one array of bytes. */
  names(): (column: number) => string | undefined {
    const ends = new Uint32Array(this.#from.length);
    let size = 0;
    for (let j = 0; j < ends.length; j++) ends[j] = size += this.#to[j] - this.#from[j];
    const packed = new Uint8Array(size);
    for (let j = 0; j < ends.length; j++) {
      const bytes = this.#words.bytes.subarray(this.#from[j], this.#to[j]);
      packed.set(bytes, ends[j] - bytes.length);
    }
    const decoder = new TextDecoder();
    return (column) => {
      const from = column === 0 ? 0 : ends[column - 1];
      return from === ends[column] ? undefined : decoder.decode(packed.subarray(from, ends[column]));
    };
  }
}

/** The smooth inverse document frequencies of terms that occur in so many of the rows. */
export function inverseFrequencies(frequencies: ArrayLike<number>, rows: number): Float32Array {
  return Float32Array.from(frequencies, (df) => 1 + Math.log((1 + rows) / (1 + df)));
}
