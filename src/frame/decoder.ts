import { isUtf8 } from "node:buffer";
import { fail } from "../base/errors";

const marks: readonly (readonly [string, readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
const utf8Mark = [0xef, 0xbb, 0xbf];

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
  constructor(
    readonly path: string,
    encoding: string | undefined,
  ) {
    if (encoding !== undefined) this.#decoder = decoderOf(encoding);
  }

  /** The characters that the next bytes complete. @throws `invalid-file` where they are none in the encoding, or of code 0 */
  text(piece: Uint8Array): string {
    const text = this.#decode(piece);
    if (text.includes("\0")) this.#refuseZero();
    this.#bytes += piece.length;
    return text;
  }

  /** The last characters. @throws `invalid-file` where one is not whole */
  end(): string {
    if (this.#rest.length > 0) this.#refuse("utf-8");
    return this.#begun ? "" : this.#decode(undefined);
  }

  /** The same as bytes of UTF-8: those of the file where it is in UTF-8, which are only looked at. @throws as {@link Decoder.text} */
  utf8(piece: Uint8Array): Uint8Array {
    if (this.#of(piece).encoding !== "utf-8") return Buffer.from(this.text(piece));
    const all = Buffer.concat([this.#rest, piece]);
    const text = all.subarray(0, all.length - cutShort(all));
    if (!isUtf8(text)) this.#refuse("utf-8");
    if (text.includes(0)) this.#refuseZero();
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
      return this.#refuse(decoder.encoding, cause);
    }
  }

  #refuse(encoding: string, cause?: unknown): never {
    return fail(
      "invalid-file",
      {
        thing: `text of ${this.path} after byte ${this.#bytes}`,
        value: "bytes of no character",
        expected: `text in ${encoding}`,
        remedy: 'Say how it is encoded, for instance encoding: "windows-1252".',
      },
      { cause },
    );
  }

  #refuseZero(): never {
    return fail("invalid-file", {
      thing: `text of ${this.path} after byte ${this.#bytes}`,
      value: "a character of code 0",
      expected: "text",
      remedy: 'Say how it is encoded, for instance encoding: "utf-16le".',
    });
  }
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
