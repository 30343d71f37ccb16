import { fail } from "../base/errors";
import { float16Bits, roundToFloat16 } from "../quantize/float16";

/** The bytes that a stored number takes. */
export type FloatWidth = 2 | 4 | 8;

/** The order of widths in a file. */
export const floatWidths: readonly FloatWidth[] = [2, 4, 8];

/**
 * The fewest bytes a number that hold all `values` exactly.
 * @throws `invalid-model` where one is not finite
 */
export function exactWidth(values: ArrayLike<number>): FloatWidth {
  const all = Array.from(values);
  const wrong = all.find((v) => !Number.isFinite(v));
  if (wrong !== undefined) {
    fail("invalid-model", { thing: "number to store", value: wrong, expected: "finite numbers" });
  }
  if (all.every((v) => Object.is(roundToFloat16(v), v))) return 2;
  return all.every((v) => Object.is(Math.fround(v), v)) ? 4 : 8;
}

/** Appends bytes, integers and text, little-endian. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  /** The bytes written so far. */
  toBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  byte(value: number): void {
    this.#bytes.push(value);
  }

  bytes(values: Iterable<number>): void {
    for (const value of values) this.#bytes.push(value);
  }

  /** An unsigned integer up to 2^53 - 1 in groups of 7 bits, low ones first (LEB128). */
  varint(value: number): void {
    while (value >= 128) {
      this.#bytes.push((value % 128) + 128);
      value = Math.floor(value / 128);
    }
    this.#bytes.push(value);
  }

  /** A signed integer, zigzag: 0, -1, 1, -2 become 0, 1, 2, 3. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float(value: number, width: FloatWidth): void {
    const view = new DataView(new ArrayBuffer(width));
    if (width === 2) view.setUint16(0, float16Bits(value), true);
    else if (width === 4) view.setFloat32(0, value, true);
    else view.setFloat64(0, value, true);
    this.bytes(new Uint8Array(view.buffer));
  }

  floats(values: ArrayLike<number>, width: FloatWidth): void {
    for (let i = 0; i < values.length; i++) this.float(values[i], width);
  }

  /** A text of UTF-8: its length in bytes as a varint, then the bytes. */
  text(value: string): void {
    const bytes = utf8(value);
    this.varint(bytes.length);
    this.bytes(bytes);
  }
}

/** The UTF-8 of a text. @throws `unsupported-model` for half a surrogate pair, which has none */
export function utf8(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  if (new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) !== value) {
    fail("unsupported-model", { thing: "text", value, expected: "well-formed Unicode" });
  }
  return bytes;
}
