import { fail } from "../../base/errors";
import type { Frequencies } from "./learned";
import { Stream } from "./stream";

const top = 2 ** 32;
const bottom = 2 ** 24;
/** The bytes that the coder reads ahead, zeros where the stream has ended. */
const ahead = 4;

/** Reads what a `StreamWriter` wrote; foreign bytes are read as something, or refused. */
export class StreamReader extends Stream {
  readonly reading = true;
  #at = 0;
  #code = 0;
  #range = top - 1;
  #part = "header";

  constructor(readonly bytes: Uint8Array) {
    super();
    for (let i = 0; i < ahead; i++) this.#code = this.#code * 256 + this.#next();
  }

  override get spent(): number {
    return 8 * (this.#at - ahead) + 32 - Math.log2(this.#range);
  }

  /** Names what is read from here on, for errors. */
  set part(name: string) {
    this.#part = name;
  }

  override uniform(_: number, count: number): number {
    if (count <= 1) return 0;
    const unit = Math.floor(this.#range / count);
    const value = Math.min(Math.floor(this.#code / unit), count - 1);
    this.#accept(unit, value, 1);
    return value;
  }

  override weighted(_: number, zeros: number, total: number): number {
    const unit = Math.floor(this.#range / total);
    if (this.#code < unit * zeros) {
      this.#accept(unit, 0, zeros);
      return 0;
    }
    this.#accept(unit, zeros, total - zeros);
    return 1;
  }

  override symbol(_: number, frequencies: Frequencies): number {
    const unit = Math.floor(this.#range / frequencies.total);
    const value = frequencies.find(Math.min(Math.floor(this.#code / unit), frequencies.total - 1));
    this.#accept(unit, frequencies.below(value), frequencies.count(value));
    frequencies.saw(value);
    return value;
  }

  override wrong(expected: string): never {
    return fail("corrupt-file", { thing: `part "${this.#part}" of the file`, expected });
  }

  /** Throws unless the stream ends here, with no byte that no value needs. */
  end(): void {
    const needed = this.#at - ahead;
    const { length } = this.bytes;
    if (length > this.#at || (length > needed && this.bytes[length - 1] === 0)) {
      this.wrong("no bytes beyond the last value");
    }
  }

  #accept(unit: number, start: number, size: number): void {
    this.#range = unit * size;
    this.#code = Math.min(this.#code - unit * start, this.#range - 1);
    while (this.#range < bottom) {
      this.#code = this.#code * 256 + this.#next();
      this.#range *= 256;
      if (this.#at - ahead > this.bytes.length) this.wrong("more bytes");
    }
  }

  #next(): number {
    return this.bytes[this.#at++] ?? 0;
  }
}
