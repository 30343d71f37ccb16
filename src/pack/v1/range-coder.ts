const top = 2 ** 32;
const bottom = 2 ** 24;

/** A range decoder with bytes and carries (Martin, 1979); foreign bytes decode to something, within bounds. */
export class RangeDecoder {
  #at = 0;
  #code = 0;
  #range = top - 1;
  #unit = 0;

  constructor(readonly bytes: Uint8Array) {
    for (let i = 0; i < 4; i++) this.#code = this.#code * 256 + this.#next();
  }

  /** The number of bytes that no symbol needed. */
  get unread(): number {
    return Math.max(this.bytes.length - this.#at, 0);
  }

  /** The number in `[0, total)` that tells the next symbol; to be followed by {@link accept}. */
  target(total: number): number {
    this.#unit = Math.floor(this.#range / total);
    return Math.min(Math.floor(this.#code / this.#unit), total - 1);
  }

  /** Takes the symbol that holds `[start, start + size)`. */
  accept(start: number, size: number): void {
    this.#range = this.#unit * size;
    this.#code = Math.min(this.#code - this.#unit * start, this.#range - 1);
    while (this.#range < bottom) {
      this.#code = this.#code * 256 + this.#next();
      this.#range *= 256;
    }
  }

  #next(): number {
    return this.bytes[this.#at++] ?? 0;
  }
}
