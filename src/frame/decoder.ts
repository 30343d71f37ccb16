import { isUtf8 } from "node:buffer";
import { fail } from "../base/errors";

const marks: readonly (readonly [string, readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
const utf8Mark = [0xef, 0xbb, 0xbf];

/** Bytes that are no text in their encoding: whoever has the file says where they lie. */
export class TextFault extends Error {
  constructor(
    /** The number of the first byte that is none. */
    readonly byte: number,
    /** The encoding that the text was read in. */
    readonly encoding: string,
    /** What was met there. */
    readonly met: string,
    readonly expected: string,
    /** An encoding that it may be. */
    readonly likely: string,
    options?: ErrorOptions,
  ) {
    super(met, options);
  }
}

/** Turns the bytes of a file, piece after piece, into text, as strings or as UTF-8. A byte order mark is left out. */
export class Decoder {
  #decoder: TextDecoder | undefined;
  /** How many bytes came before. */
  #bytes = 0;
  /** Bytes of a character that is not whole yet. */
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  /**
   * @param encoding default: what the mark at the beginning says, else `utf-8`
   * @throws `invalid-option` for an encoding that nobody knows
   */
  constructor(encoding: string | undefined) {
    if (encoding !== undefined) this.#decoder = decoderOf(encoding);
  }

  /** The characters that the next bytes complete. @throws {@link TextFault} where they are none in the encoding, or of code 0 */
  text(piece: Uint8Array): string {
    const text = this.#decode(piece);
    if (text.includes("\0")) this.#refuseZero(piece);
    this.#bytes += piece.length;
    return text;
  }

  /** The last characters. @throws {@link TextFault} where one is not whole */
  end(): string {
    if (this.#rest.length > 0) this.#refuse(this.#bytes - this.#rest.length, "utf-8");
    return this.#begun ? "" : this.#decode(undefined);
  }

  /** The same as bytes of UTF-8: those of the file where it is in UTF-8, which are only looked at. @throws as {@link Decoder.text} */
  utf8(piece: Uint8Array): Uint8Array {
    if (this.#of(piece).encoding !== "utf-8") return Buffer.from(this.text(piece));
    const all = Buffer.concat([this.#rest, piece]);
    const text = all.subarray(0, all.length - cutShort(all));
    const start = this.#bytes - this.#rest.length;
    if (!isUtf8(text)) this.#refuse(start + wrongByte(text, "utf-8"), "utf-8");
    const zero = text.indexOf(0);
    if (zero >= 0) this.#refuseZero(text);
    this.#rest = all.subarray(text.length);
    this.#bytes += piece.length;
    const first = !this.#begun && text.length > 0;
    this.#begun ||= first;
    return first && utf8Mark.every((byte, k) => text[k] === byte) ? text.subarray(utf8Mark.length) : text;
  }

  #of(piece: Uint8Array | undefined): TextDecoder {
    this.#decoder ??= decoderOf(marked(piece ?? new Uint8Array()));
    return this.#decoder;
  }

  #decode(piece: Uint8Array | undefined): string {
    const decoder = this.#of(piece);
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      const at = piece === undefined ? 0 : wrongByte(piece, decoder.encoding);
      return this.#refuse(this.#bytes + at, decoder.encoding, cause);
    }
  }

  #refuse(byte: number, encoding: string, cause?: unknown): never {
    throw new TextFault(byte, encoding, "bytes of no character", `text in ${encoding}`, "windows-1252", {
      cause,
    });
  }

  #refuseZero(piece: Uint8Array): never {
    const { encoding } = this.#of(piece);
    const byte = this.#bytes - this.#rest.length + zeroByte(piece, encoding);
    throw new TextFault(byte, encoding, "a character of code 0", "text", "utf-16le");
  }
}

/** The first byte of a character of code 0. */
function zeroByte(bytes: Uint8Array, encoding: string): number {
  if (!encoding.startsWith("utf-16")) return bytes.indexOf(0);
  let at = 0;
  while (at < bytes.length && (bytes[at] !== 0 || bytes[at + 1] !== 0)) at += 2;
  return at;
}

/** The first byte that belongs to no character, found by halving: what is sound up to a place is so up to those before it. */
function wrongByte(bytes: Uint8Array, encoding: string): number {
  const utf8 = encoding === "utf-8";
  // The end of a character that began in the piece before.
  const first = utf8
    ? Math.max(
        0,
        bytes.subarray(0, 3).findIndex((byte) => byte < 0x80 || byte >= 0xc0),
      )
    : 0;
  let sound = first;
  let wrong = bytes.length;
  while (wrong - sound > 1) {
    const middle = (sound + wrong) >> 1;
    try {
      // A character that is cut short waits for its end.
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(first, middle), { stream: true });
      sound = middle;
    } catch {
      wrong = middle;
    }
  }
  return utf8 ? sound - cutShort(bytes.subarray(first, sound)) : sound;
}

/** How many bytes at the end may be the beginning of a character. */
function cutShort(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function marked(bytes: Uint8Array): string {
  return marks.find(([, mark]) => mark.every((byte, k) => bytes[k] === byte))?.[0] ?? "utf-8";
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail("invalid-option", {
      thing: "encoding",
      value: encoding,
      expected: "a name such as utf-8, windows-1252 or utf-16le",
    });
  }
}
