import { murmur3 } from "./murmur";

/** Numbers for stretches of bytes by open addressing: the first is 0, the next that differs is 1. */
export class TermTable {
  /** The number of terms. */
  size = 0;
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Uint32Array(512);
  #ends = new Uint32Array(512);
  #bytes = new Uint8Array(8192);

  /** A table of texts, numbered in their order, by hashes of `seed`. */
  static of(terms: readonly string[], seed = 0): TermTable {
    const table = new TermTable();
    const encoder = new TextEncoder();
    for (const term of terms) {
      const bytes = encoder.encode(term);
      table.add(bytes, 0, bytes.length, murmur3(bytes, 0, bytes.length, seed));
    }
    return table;
  }

  /** The number of `bytes[from .. to]`, -1 where it is not here. @param hash of these bytes, of one seed for all */
  find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    return this.#slots[this.#slotOf(bytes, from, to, hash)];
  }

  /** The number of `bytes[from .. to]`, which become a term where they are none. */
  add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slot = this.#slotOf(bytes, from, to, hash);
    if (this.#slots[slot] >= 0) return this.#slots[slot];
    const number = this.size++;
    const start = number === 0 ? 0 : this.#ends[number - 1];
    const end = start + to - from;
    if (this.#bytes.length < end) this.#bytes = grown(this.#bytes, new Uint8Array(2 * end));
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#slots[slot] = number;
    this.#hashes[number] = hash;
    this.#ends[number] = end;
    if (this.size === this.#hashes.length) this.#grow();
    return number;
  }

  /** The text of a term. */
  text(number: number): string {
    const start = number === 0 ? 0 : this.#ends[number - 1];
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.#bytes.subarray(start, this.#ends[number]),
    );
  }

  #slotOf(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let k = this.#slots[slot]; k >= 0; k = this.#slots[slot]) {
      if (this.#hashes[k] === hash && this.#same(k, bytes, from, to)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #same(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = number === 0 ? 0 : this.#ends[number - 1];
    if (this.#ends[number] - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (this.#bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }

  #grow(): void {
    const { size } = this;
    this.#hashes = grown(this.#hashes, new Uint32Array(2 * size));
    this.#ends = grown(this.#ends, new Uint32Array(2 * size));
    this.#slots = new Int32Array(4 * size).fill(-1);
    const mask = this.#slots.length - 1;
    for (let k = 0; k < size; k++) {
      let slot = this.#hashes[k] & mask;
      while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = k;
    }
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
