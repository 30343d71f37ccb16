import type { Ngrams } from "./ngrams";

/** What is kept of a column side by side, so that a vote touches one line of the processor's cache. */
const fields = 4;
const votes = 0;
const hash = 1;
const from = 2;
const to = 3;

/**
 * What a fit learns of a column of hashed text: in how many rows each hashed column occurs, and an n-gram to call it by. The
 * name is found by the vote of Boyer and Moore (1981) in one pass without a table of all n-grams: the n-gram that fills
 * more than half of the column where there is one, else a frequent one.
 */
export class Vocabulary {
  /** The number of rows in which each column occurs. */
  readonly frequencies: Uint32Array;
  readonly #leaders: Uint32Array;
  #rows = 0;

  /** @param columns a power of two */
  constructor(columns: number) {
    this.frequencies = new Uint32Array(columns);
    this.#leaders = new Uint32Array(columns * fields);
  }

  /**
   * Counts one row.
   * @param columns those of its n-grams, each once; the first `size` count
   */
  add({ count, hashes, froms, tos }: Ngrams, columns: Uint32Array, size: number): void {
    this.#rows++;
    const { frequencies } = this;
    for (let k = 0; k < size; k++) frequencies[columns[k]]++;
    const leaders = this.#leaders;
    const mask = frequencies.length - 1;
    for (let k = 0; k < count; k++) {
      const at = (hashes[k] & mask) * fields;
      if (leaders[at + votes] === 0) {
        leaders[at + votes] = 1;
        leaders[at + hash] = hashes[k];
        leaders[at + from] = froms[k];
        leaders[at + to] = tos[k];
      } else if (leaders[at + hash] === hashes[k]) leaders[at + votes]++;
      else leaders[at + votes]--;
    }
  }

  /** The smooth inverse document frequency of each column: 1 + ln((1 + rows) / (1 + frequency)). */
  inverseFrequencies(): Float32Array {
    return inverseFrequencies(this.frequencies, this.#rows);
  }

  /**
   * The n-gram of each column; `undefined` for a column that no row has. Packed into one array of bytes.
   * @param bytes of the words of all rows
   */
  names(bytes: Uint8Array): (column: number) => string | undefined {
    const leaders = this.#leaders;
    const ends = new Uint32Array(this.frequencies.length);
    let size = 0;
    for (let j = 0; j < ends.length; j++) {
      ends[j] = size += leaders[j * fields + to] - leaders[j * fields + from];
    }
    const packed = new Uint8Array(size);
    for (let j = 0; j < ends.length; j++) {
      const own = bytes.subarray(leaders[j * fields + from], leaders[j * fields + to]);
      packed.set(own, ends[j] - own.length);
    }
    const decoder = new TextDecoder();
    return (column) => {
      const start = column === 0 ? 0 : ends[column - 1];
      return start === ends[column] ? undefined : decoder.decode(packed.subarray(start, ends[column]));
    };
  }
}

/** The smooth inverse document frequencies of terms that occur in so many of the rows. */
export function inverseFrequencies(frequencies: ArrayLike<number>, rows: number): Float32Array {
  return Float32Array.from(frequencies, (df) => 1 + Math.log((1 + rows) / (1 + df)));
}
