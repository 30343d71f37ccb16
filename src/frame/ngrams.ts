import type { TextState } from "./encoder-state";
import type { Words } from "./words";

/**
 * The n-grams of words and their hashes (MurmurHash3 x86 32, as `murmur3` gives). Runs that begin at one place are hashed in
 * one go, each taking up where the shorter one ended.
 */
export class Ngrams {
  /** The number of n-grams. */
  count = 0;
  hashes: Uint32Array = new Uint32Array(2048);
  /** Where each n-gram starts in the bytes of the words. */
  froms: Uint32Array = new Uint32Array(2048);
  /** Where each n-gram ends. */
  tos: Uint32Array = new Uint32Array(2048);
  #starts: Uint32Array = new Uint32Array(0);
  #ends: Uint32Array = new Uint32Array(0);

  constructor(readonly state: Pick<TextState, "ngrams" | "seed" | "unit">) {}

  /** Finds the n-grams of the words from `first` on, in the order of where they start. */
  read(words: Words, first = 0): void {
    this.count = 0;
    const { starts, ends, count, bytes } = words;
    if (first === count) return;
    if (this.state.unit === undefined) {
      this.#hash(bytes, starts, ends, first, count);
      return;
    }
    const from = starts[first];
    const most = ends[count - 1] - from;
    if (this.#starts.length < most) {
      this.#starts = new Uint32Array(2 * most);
      this.#ends = new Uint32Array(2 * most);
    }
    let characters = 0;
    for (let at = from; at < from + most; characters++) {
      const lead = bytes[at];
      this.#starts[characters] = at;
      at += lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      this.#ends[characters] = at;
    }
    this.#hash(bytes, this.#starts, this.#ends, 0, characters);
  }

  #hash(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, first: number, end: number): void {
    const { ngrams, seed } = this.state;
    const [shortest, longest] = ngrams;
    this.#reserve((end - first) * (longest - shortest + 1));
    const { hashes, froms, tos } = this;
    let count = 0;
    for (let i = first; i < end; i++) {
      const from = starts[i];
      const stop = Math.min(i + longest, end);
      let h = seed | 0;
      let at = from;
      for (let j = i + shortest - 1; j < stop; j++) {
        const to = ends[j];
        for (; at + 4 <= to; at += 4) {
          const k = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
          const spread = Math.imul(k, 0xcc9e2d51);
          h ^= Math.imul((spread << 15) | (spread >>> 17), 0x1b873593);
          h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
        }
        let rest = 0;
        for (let b = to - 1; b >= at; b--) rest = (rest << 8) | bytes[b];
        const spread = Math.imul(rest, 0xcc9e2d51);
        let last = h ^ Math.imul((spread << 15) | (spread >>> 17), 0x1b873593) ^ (to - from);
        last = Math.imul(last ^ (last >>> 16), 0x85ebca6b);
        last = Math.imul(last ^ (last >>> 13), 0xc2b2ae35);
        hashes[count] = last ^ (last >>> 16);
        froms[count] = from;
        tos[count++] = to;
      }
    }
    this.count = count;
  }

  #reserve(count: number): void {
    if (this.hashes.length >= count) return;
    this.hashes = new Uint32Array(2 * count);
    this.froms = new Uint32Array(2 * count);
    this.tos = new Uint32Array(2 * count);
  }
}
