import { fail } from "../../src/base/errors";

/** A row of cells and the line of the file that it begins in, from 1. */
export interface CsvRow {
  readonly cells: string[];
  readonly line: number;
}

/** The longest row, in characters; without a bound a quote that is never closed would take all memory. */
const longestRow = 2 ** 26;

/**
 * Parts a CSV text, given in pieces of any size, into cells by RFC 4180: quotes around cells that hold the delimiter, a
 * quote (doubled) or a line end. Rows end by LF, CRLF or CR; blank lines count for nothing.
 */
export class CsvParser {
  readonly #delimiter: number;
  #rest = "";
  #line = 1;
  #width = -1;
  /** The length at which the rest is looked at again; it doubles, so that a long row is not read over and over. */
  #enough = 0;

  constructor(
    readonly delimiter: string,
    readonly path: string,
  ) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * The rows that the next piece completes.
   * @throws `invalid-file` where a row has more or fewer cells than the first, or is too long
   */
  push(piece: string): CsvRow[] {
    this.#rest += piece;
    if (this.#rest.length < this.#enough) return [];
    const rows = this.#rows(false);
    this.#enough = 2 * this.#rest.length;
    if (this.#rest.length > longestRow) {
      fail("invalid-file", {
        thing: `line ${this.#line} of ${this.path}`,
        value: `more than ${longestRow} characters`,
        expected: "rows that end",
        remedy: "Look for a quote that is not closed.",
      });
    }
    return rows;
  }

  /** The rows that are left at the end. @throws `invalid-file` also where a quote is not closed */
  end(): CsvRow[] {
    return this.#rows(true);
  }

  #rows(last: boolean): CsvRow[] {
    const text = this.#rest;
    const rows: CsvRow[] = [];
    let from = 0;
    for (let row = this.#row(text, from, last); row !== null; row = this.#row(text, from, last)) {
      const line = this.#line;
      from = row.end;
      this.#line += row.lines;
      const { cells } = row;
      if (cells.length === 1 && cells[0] === "") continue;
      if (this.#width < 0) this.#width = cells.length;
      if (cells.length !== this.#width) {
        fail("invalid-file", {
          thing: `number of cells in line ${line} of ${this.path}`,
          value: cells.length,
          expected: `${this.#width}, as in the first line`,
          remedy: "Repair the line or leave it out; a cell that holds the delimiter stands in quotes.",
        });
      }
      rows.push({ cells, line });
    }
    this.#rest = text.slice(from);
    return rows;
  }

  /** The row that begins at `from`, or `null` where the text ends before it does. */
  #row(text: string, from: number, last: boolean): { cells: string[]; end: number; lines: number } | null {
    if (from >= text.length) return null;
    const cells: string[] = [];
    let lines = 1;
    for (let at = from; ; at++) {
      const cell = this.#cell(text, at);
      if (cell === null) {
        if (!last) return null;
        return fail("invalid-file", {
          thing: `quote in line ${this.#line} of ${this.path}`,
          expected: "a closing quote",
          remedy: "Close it, or double the quotes that belong to a cell.",
        });
      }
      at = cell.end;
      if (!last && at + 1 >= text.length) return null;
      cells.push(cell.value);
      lines += cell.lines;
      if (text[at] !== this.delimiter) return { cells, end: pastLineEnd(text, at), lines };
    }
  }

  /** The cell that begins at `from`, or `null` where its quote is not closed. */
  #cell(text: string, from: number): Cell | null {
    if (text.charCodeAt(from) !== quote) {
      const end = plainEnd(text, from, this.#delimiter);
      return { value: text.slice(from, end), end, lines: 0 };
    }
    let close = text.indexOf('"', from + 1);
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    if (close < 0) return null;
    const after = text[close + 1];
    if (after !== undefined && after !== this.delimiter && after !== "\n" && after !== "\r") {
      fail("invalid-file", {
        thing: `text after a quote in line ${this.#line} of ${this.path}`,
        value: String.fromCodePoint(text.codePointAt(close + 1)!),
        expected: "the delimiter or the end of the row",
        remedy: "Double the quotes that belong to a cell.",
      });
    }
    const value = text.slice(from + 1, close).replaceAll('""', '"');
    return { value, end: close + 1, lines: countLines(value) };
  }
}

const quote = 0x22;

interface Cell {
  readonly value: string;
  /** Where it ends, the closing quote included. */
  readonly end: number;
  /** The line ends in it. */
  readonly lines: number;
}

function plainEnd(text: string, from: number, delimiter: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (unit === delimiter || unit === 0x0a || unit === 0x0d) break;
  }
  return end;
}

function pastLineEnd(text: string, at: number): number {
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
}

function countLines(cell: string): number {
  let count = 0;
  for (let i = cell.indexOf("\n"); i >= 0; i = cell.indexOf("\n", i + 1)) count++;
  return count;
}
