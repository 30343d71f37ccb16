import type { Frequencies } from "./learned";
import { Stream } from "./stream";

const top = 2 ** 32;
const bottom = 2 ** 24;

/**
 * Writes a stream by a range coder with bytes and carries (Martin, 1979; as in LZMA): values take close to the sum of
 * their -log2 p bits, and the end no more bytes than tell the last value.
 */
export class StreamWriter extends Stream {
  readonly reading = false;
  readonly #bytes: number[] = [];
  #low = 0;
  #range = top - 1;

  override get spent(): number {
    return 8 * this.#bytes.length + 32 - Math.log2(this.#range);
  }

  override uniform(value: number, count: number): number {
    if (count > 1) this.#encode(value, 1, count);
    return value;
  }

  override weighted(bit: number, zeros: number, total: number): number {
    if (bit === 0) this.#encode(0, zeros, total);
    else this.#encode(zeros, total - zeros, total);
    return bit;
  }

  override symbol(value: number, frequencies: Frequencies): number {
    this.#encode(frequencies.below(value), frequencies.count(value), frequencies.total);
    frequencies.saw(value);
    return value;
  }

  override wrong(expected: string): never {
    throw new RangeError(`a value to write is not ${expected}`);
  }

  /** All bytes; nothing can be written after that. */
  toBytes(): Uint8Array {
    const end = this.#low + this.#range;
    const grain = [top, bottom, 2 ** 16, 2 ** 8, 1].find((g) => Math.ceil(this.#low / g) * g < end)!;
    this.#low = Math.ceil(this.#low / grain) * grain;
    this.#carry();
    for (let left = this.#low; left > 0; left = (left % bottom) * 256) {
      this.#bytes.push(Math.floor(left / bottom));
    }
    return Uint8Array.from(this.#bytes);
  }

  #encode(start: number, size: number, total: number): void {
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

  #carry(): void {
    if (this.#low < top) return;
    this.#low -= top;
    let at = this.#bytes.length - 1;
    while (this.#bytes[at] === 255) this.#bytes[at--] = 0;
    this.#bytes[at]++;
  }
}
