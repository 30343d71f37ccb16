import { fail } from "../base/errors";

/** The longest row, in bytes; without a bound a quote that is never closed would take all memory. */
const longestRow = 2 ** 26;
const leastPiece = 2 ** 18;

/** Rows of a CSV text as places in its bytes. */
export interface ScannedCells {
  readonly bytes: Buffer;
  /** Cells of a row. */
  readonly width: number;
  /** Where each cell begins, row after row, its quote left out. */
  readonly starts: Int32Array;
  /** Where each cell ends; `~end` where quotes in it are doubled. */
  readonly ends: Int32Array;
  /** The line of the file that each row begins in, from 1. */
  readonly lines: Uint32Array;
}

/**
 * Parts a CSV text in UTF-8, given in pieces of any size, into cells by RFC 4180: quotes around cells that hold the delimiter, a
 * quote (doubled) or a line end. Rows end by LF, CRLF or CR; blank lines count for nothing. No cell is made a text.
 */
export class CsvScanner {
  readonly #delimiter: Uint8Array;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #line = 1;
  #width = -1;
  /** The length at which what is left is looked at again; it doubles, so that a long row is not read over and over. */
  #enough: number;
  #starts = new Int32Array(4096);
  #ends = new Int32Array(4096);
  #lines = new Uint32Array(1024);
  #cells = 0;
  #rows = 0;
  #doubled = false;
  #breaks = 0;

  /**
   * @param delimiter one character
   * @param least bytes that are waited for before rows are looked for
   */
  constructor(
    delimiter: string,
    readonly path: string,
    readonly least: number = leastPiece,
  ) {
    this.#enough = least;
    this.#delimiter = new TextEncoder().encode(delimiter);
  }

  /**
   * The rows that the next piece completes, or `null` for none.
   * @param piece is kept, and must not change
   * @throws `invalid-file` where a row has more or fewer cells than the first, or is too long
   */
  push(piece: Uint8Array): ScannedCells | null {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#enough) return null;
    const cells = this.#scan(false);
    this.#enough = Math.max(this.least, 2 * this.#length);
    if (this.#length > longestRow) {
      fail("invalid-file", {
        thing: `line ${this.#line} of ${this.path}`,
        value: `more than ${longestRow} bytes`,
        expected: "rows that end",
        remedy: "Look for a quote that is not closed.",
      });
    }
    return cells;
  }

  /** The rows that are left at the end. @throws `invalid-file` also where a quote is not closed */
  end(): ScannedCells | null {
    return this.#scan(true);
  }

  #scan(last: boolean): ScannedCells | null {
    const bytes = joined(this.#pieces, this.#length);
    this.#cells = 0;
    this.#rows = 0;
    let from = 0;
    for (let end = this.#row(bytes, from, last); end >= 0; end = this.#row(bytes, from, last)) from = end;
    this.#pieces = from === bytes.length ? [] : [bytes.subarray(from)];
    this.#length = bytes.length - from;
    if (this.#rows === 0) return null;
    return {
      bytes,
      width: this.#width,
      starts: this.#starts.slice(0, this.#cells),
      ends: this.#ends.slice(0, this.#cells),
      lines: this.#lines.slice(0, this.#rows),
    };
  }

  /** Takes the row that begins at `from`, and tells where the next begins; less than 0 where the bytes end before it does. */
  #row(bytes: Buffer, from: number, last: boolean): number {
    const { length } = bytes;
    if (from >= length) return -1;
    const before = this.#cells;
    const size = this.#delimiter.length;
    let lines = 1;
    for (let at = from; ; at += size) {
      const quoted = bytes[at] === quote;
      const start = quoted ? at + 1 : at;
      let end = quoted ? this.#closingQuote(bytes, start) : this.#plainEnd(bytes, start);
      if (quoted && end === length) return this.#unfinished(before, last);
      at = quoted ? end + 1 : end;
      if (!last && at + size >= length) return this.#unfinished(before, false);
      if (quoted) {
        if (at < length && this.#plainEnd(bytes, at) !== at) this.#refuseTail(bytes, at);
        lines += this.#breaks;
        if (this.#doubled) end = ~end;
      }
      if (this.#cells === this.#starts.length) this.#grow();
      this.#starts[this.#cells] = start;
      this.#ends[this.#cells++] = end;
      const byte = at < length ? bytes[at] : lineFeed;
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      this.#endRow(before, lines);
      return byte === carriageReturn && bytes[at + 1] === lineFeed ? at + 2 : at + 1;
    }
  }

  #plainEnd(bytes: Buffer, from: number): number {
    const { length } = bytes;
    const delimiter = this.#delimiter;
    const first = delimiter[0];
    const top = Math.max(first, carriageReturn);
    for (let at = from; at < length; at++) {
      const byte = bytes[at];
      if (byte > top) continue;
      if (byte === lineFeed || byte === carriageReturn) return at;
      if (byte === first && (delimiter.length === 1 || startsAt(bytes, at, delimiter))) return at;
    }
    return length;
  }

  /** Where the quote is that closes a cell, or the length of the bytes; notes what lies between. */
  #closingQuote(bytes: Buffer, from: number): number {
    const { length } = bytes;
    this.#doubled = false;
    this.#breaks = 0;
    for (let at = from; at < length; at++) {
      const byte = bytes[at];
      if (byte === lineFeed) this.#breaks++;
      if (byte !== quote) continue;
      if (at + 1 === length || bytes[at + 1] !== quote) return at;
      this.#doubled = true;
      at++;
    }
    return length;
  }

  #endRow(before: number, lines: number): void {
    const line = this.#line;
    this.#line += lines;
    const width = this.#cells - before;
    const end = this.#ends[before];
    if (width === 1 && (end < 0 ? ~end : end) === this.#starts[before]) {
      this.#cells = before;
      return;
    }
    if (this.#width < 0) this.#width = width;
    if (width !== this.#width) {
      fail("invalid-file", {
        thing: `number of cells in line ${line} of ${this.path}`,
        value: width,
        expected: `${this.#width}, as in the first line`,
        remedy: "Repair the line or leave it out; a cell that holds the delimiter stands in quotes.",
      });
    }
    if (this.#rows === this.#lines.length) this.#lines = grown(this.#lines, new Uint32Array(2 * this.#rows));
    this.#lines[this.#rows++] = line;
  }

  /** Lets go the cells of a row of which the end is not there. */
  #unfinished(before: number, last: boolean): number {
    if (last) {
      fail("invalid-file", {
        thing: `quote in line ${this.#line} of ${this.path}`,
        expected: "a closing quote",
        remedy: "Close it, or double the quotes that belong to a cell.",
      });
    }
    this.#cells = before;
    return -1;
  }

  #refuseTail(bytes: Buffer, at: number): never {
    return fail("invalid-file", {
      thing: `text after a quote in line ${this.#line} of ${this.path}`,
      value: String.fromCodePoint(bytes.toString("utf8", at, at + 4).codePointAt(0)!),
      expected: "the delimiter or the end of the row",
      remedy: "Double the quotes that belong to a cell.",
    });
  }

  #grow(): void {
    const length = 2 * this.#cells;
    this.#starts = grown(this.#starts, new Int32Array(length));
    this.#ends = grown(this.#ends, new Int32Array(length));
  }
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function startsAt(bytes: Buffer, at: number, text: Uint8Array): boolean {
  for (let k = 0; k < text.length; k++) if (bytes[at + k] !== text[k]) return false;
  return true;
}

function grown<A extends Int32Array | Uint32Array>(old: A, large: A): A {
  large.set(old);
  return large;
}

function joined(pieces: readonly Uint8Array[], length: number): Buffer {
  if (pieces.length !== 1) return Buffer.concat(pieces, length);
  const [{ buffer, byteOffset, byteLength }] = pieces;
  return Buffer.from(buffer, byteOffset, byteLength);
}
