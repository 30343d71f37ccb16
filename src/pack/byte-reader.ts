import { fail } from "../base/errors";
import { fromFloat16Bits } from "../quantize/float16";
import type { FloatWidth } from "./byte-writer";

/** Reads what {@link ByteWriter} wrote, and no byte beyond its section. */
export class ByteReader {
  #at = 0;

  /** @param section what is read, for errors */
  constructor(
    readonly bytes: Uint8Array,
    readonly section: string,
  ) {}

  /** The number of bytes not yet read. */
  get left(): number {
    return this.bytes.length - this.#at;
  }

  byte(): number {
    if (this.left < 1) this.wrong("more bytes");
    return this.bytes[this.#at++];
  }

  take(count: number): Uint8Array {
    if (count > this.left) this.wrong(`${count} more bytes`);
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  /** An unsigned integer up to `most`, in the fewest bytes that hold it. */
  varint(most: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let unit = 1;
    for (let group = 0; group < 8; group++) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      unit *= 128;
      if (byte >= 128) continue;
      if (value > most || (byte === 0 && group > 0)) break;
      return value;
    }
    return this.wrong(`an integer up to ${most} in its shortest form`);
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  float(width: FloatWidth): number {
    const bytes = this.take(width);
    const view = new DataView(bytes.buffer, bytes.byteOffset, width);
    const value =
      width === 2
        ? fromFloat16Bits(view.getUint16(0, true))
        : width === 4
          ? view.getFloat32(0, true)
          : view.getFloat64(0, true);
    return Number.isFinite(value) ? value : this.wrong("finite numbers");
  }

  floats(count: number, width: FloatWidth): Float64Array {
    if (count * width > this.left) this.wrong(`${count} numbers of ${width} bytes`);
    return Float64Array.from({ length: count }, () => this.float(width));
  }

  text(): string {
    return this.decode(this.take(this.varint(this.left)));
  }

  /** The text of UTF-8 bytes. */
  decode(bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.wrong("UTF-8");
    }
  }

  /** Throws unless all has been read. */
  end(): void {
    if (this.left > 0) this.wrong(`${this.left} bytes fewer`);
  }

  /** Throws that the section is not as the format says. */
  wrong(expected: string): never {
    return fail("corrupt-file", { thing: `section "${this.section}" of the file`, expected });
  }
}
