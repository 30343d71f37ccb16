import type { Frequencies } from "./learned";
import { Stream } from "./stream";

const bottom = 2 ** 24;

/** Measures what a `StreamWriter` would write, to the same fraction of a bit, and writes nothing. */
export class StreamMeter extends Stream {
  readonly reading = false;
  #bytes = 0;
  #range = 2 ** 32 - 1;

  override get spent(): number {
    return 8 * this.#bytes + 32 - Math.log2(this.#range);
  }

  override uniform(value: number, count: number): number {
    if (count > 1) this.#narrow(1, count);
    return value;
  }

  override weighted(bit: number, zeros: number, total: number): number {
    this.#narrow(bit === 0 ? zeros : total - zeros, total);
    return bit;
  }

  override symbol(value: number, frequencies: Frequencies): number {
    this.#narrow(frequencies.count(value), frequencies.total);
    frequencies.saw(value);
    return value;
  }

  override wrong(expected: string): never {
    throw new RangeError(`a value to write is not ${expected}`);
  }

  #narrow(size: number, total: number): void {
    this.#range = Math.floor(this.#range / total) * size;
    while (this.#range < bottom) {
      this.#range *= 256;
      this.#bytes++;
    }
  }
}
