const top = 2 ** 32;
const bottom = 2 ** 24;

/**
 * A range coder with bytes and carries (Martin, 1979; as in LZMA): codes symbols in close to the sum of their
 * -log2 p bits. The end costs no more bytes than needed to tell the last symbol: the decoder reads zeros beyond it.
 */
export class RangeEncoder {
  readonly #bytes: number[] = [];
  #low = 0;
  #range = top - 1;

  /** Codes a symbol that holds `[start, start + size)` of `[0, total)`; `total` up to 2^24. */
  encode(start: number, size: number, total: number): void {
    const unit = Math.floor(this.#range / total);
    this.#low += unit * start;
    this.#range = unit * size;
    this.#carry();
    while (this.#range < bottom) {
      this.#bytes.push(Math.floor(this.#low / bottom));
      this.#low = (this.#low % bottom) * 256;
      this.#range *= 256;
    }
  }

  toBytes(): Uint8Array {
    const end = this.#low + this.#range;
    for (const grain of [top, bottom, 2 ** 16, 2 ** 8, 1]) {
      const value = Math.ceil(this.#low / grain) * grain;
      if (value >= end) continue;
      this.#low = value;
      break;
    }
    this.#carry();
    for (let left = this.#low; left > 0; left = (left % bottom) * 256) {
      this.#bytes.push(Math.floor(left / bottom));
    }
    while (this.#bytes[this.#bytes.length - 1] === 0) this.#bytes.pop();
    return Uint8Array.from(this.#bytes);
  }

  #carry(): void {
    if (this.#low < top) return;
    this.#low -= top;
    let at = this.#bytes.length - 1;
    while (this.#bytes[at] === 255) this.#bytes[at--] = 0;
    this.#bytes[at]++;
  }
}

/** Decodes what {@link RangeEncoder} coded; foreign bytes decode to something, within bounds. */
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
