import { fail } from "../base/errors";

/**
 * The cells of a CSV text by RFC 4180: quotes around cells that hold the delimiter, a quote (doubled) or a line end.
 * Rows end by LF or CRLF; blank lines count for nothing.
 * @throws `invalid-file` where a row has more or fewer cells than the first, or a quote is not closed
 */
export function parseCsv(text: string, delimiter: string, path: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const row: string[] = [];
    for (let more = true; more; ) {
      const cell = readCell(text, at, delimiter);
      if (cell === null) {
        fail("invalid-file", { thing: `quote in line ${start} of ${path}`, expected: "a closing quote" });
      }
      row.push(cell.value);
      line += countLines(cell.value);
      at = cell.end;
      more = text[at] === delimiter;
      if (more) at++;
    }
    at = pastLineEnd(text, at);
    line++;
    if (row.length === 1 && row[0] === "") continue;
    if (rows.length > 0 && row.length !== rows[0].length) {
      fail("invalid-file", {
        thing: `number of cells in line ${start} of ${path}`,
        value: row.length,
        expected: `${rows[0].length}, as in the first line`,
      });
    }
    rows.push(row);
  }
  return rows;
}

function readCell(
  text: string,
  from: number,
  delimiter: string,
): { readonly value: string; readonly end: number } | null {
  if (text[from] !== '"') {
    const end = plainEnd(text, from, delimiter);
    return { value: text.slice(from, end), end };
  }
  let close = text.indexOf('"', from + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return null;
  const end = plainEnd(text, close + 1, delimiter);
  return { value: text.slice(from + 1, close).replaceAll('""', '"') + text.slice(close + 1, end), end };
}

function plainEnd(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
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
