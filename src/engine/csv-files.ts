import { closeSync, openSync, readSync } from "node:fs";
import { fail, LogitpressError } from "../base/errors";
import { csvBatches } from "../frame/csv-batches";
import { checkNames } from "../frame/names";

/** The first bytes of a file that are looked at. */
const lookedAt = 65536;
/** Rows that are read at a time to find a fault. */
const batch = 10_000;
/** Rows that are read to find a fault that DuckDB names no line of: it looks at fewer before it begins. */
const firstRows = 100_000;

/**
 * Refuses CSV files that are empty or plainly no UTF-8, which DuckDB would take for other columns, or where a name comes twice, of which
 * it would change one.
 * @throws `empty-data`, `invalid-file`, each by the file's name
 */
export function checkCsvFiles(files: readonly string[]): void {
  for (const path of files) {
    if (/\.(?:gz|zst)$/i.test(path)) continue;
    const bytes = firstBytes(path);
    const text = bytes.toString("latin1");
    if (text.replace(/^\xef\xbb\xbf/, "").trim() === "" && bytes.length < lookedAt) {
      fail("empty-data", { thing: "file", value: path, expected: "a line of names, and rows" });
    }
    const marked = /^(?:\xff\xfe|\xfe\xff)/.test(text);
    if (!marked && !text.includes("\0")) {
      checkNames(path, namesIn(bytes));
      continue;
    }
    fail("invalid-file", {
      thing: `text of ${path}`,
      value: marked ? "UTF-16" : "a character of code 0",
      expected: "UTF-8",
      remedy: "Write it anew in UTF-8.",
    });
  }
}

/**
 * Throws an error of DuckDB about CSV files again, with the file and the line where the library's own reader finds a fault.
 * @throws `corrupt-file` for a fault that was found; `failed` for more columns than there is memory for; else the error
 */
export async function explained(
  error: unknown,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<never> {
  if (!(error instanceof LogitpressError)) throw error;
  if (error.code === "failed" && /out of memory/i.test(error.message)) refuseWide(error, files);
  // Bytes of no character beyond the first rows make DuckDB fail inside.
  const inside = error.code === "failed" && /fatal error/i.test(error.message);
  if (error.code !== "corrupt-file" && !inside) throw error;
  const line = inside
    ? Number.POSITIVE_INFINITY
    : Number(/on Line: (\d+)/.exec(error.message)?.[1] ?? firstRows);
  for (const path of files) {
    const fault = await faultOf(path, line + batch, signal);
    if (fault === null) continue;
    if (fault.code === "cancelled") throw fault;
    const { remedy = "", ...complaint } = fault.complaint;
    const coded = remedy.includes("encoding:");
    fail(
      "corrupt-file",
      { ...complaint, remedy: coded ? "Write it anew in UTF-8." : remedy },
      { cause: error },
    );
  }
  throw error;
}

/** Rows that are read at most to find the line of one: some ten seconds. */
const mostRead = 3_000_000;

/**
 * The line in which a row of a CSV file begins, which quoted line ends and blank lines part from its number; `null` where it is
 * too far to be read up to, or DuckDB counts the rows of this file otherwise.
 * @param row from 0
 * @param name of a column, and `text` the row's cell there, by which it is known
 */
export async function lineOf(
  path: string,
  row: number,
  name: string,
  text: string | null,
): Promise<number | null> {
  if (row > mostRead) return null;
  try {
    let before = 0;
    for await (const batch of csvBatches(path, { delimiter: "," })) {
      if (row < before + batch.rows) {
        const at = row - before;
        const same = batch.text(at, batch.names.indexOf(name)) === text;
        return same ? batch.cells.lines[batch.first + at] : null;
      }
      before += batch.rows;
    }
  } catch (fault) {
    // What else is wrong with the file is not what is told of.
    if (!(fault instanceof LogitpressError)) throw fault;
  }
  return null;
}

/** Columns beyond which DuckDB's reader takes some gigabytes. */
const wide = 5000;

/** Throws an error of want of memory again, where files have so many columns that Parquet or memory is the way out. */
function refuseWide(error: LogitpressError, files: readonly string[]): void {
  for (const path of files) {
    const columns = columnsIn(path);
    if (columns < wide) continue;
    fail(
      "failed",
      {
        thing: `reading ${path}: out of memory, with the columns of a CSV file`,
        value: columns,
        expected: "columns that DuckDB's reader holds",
        remedy: "Read it with readCsv where it fits memory, write it as Parquet, or raise memoryLimit.",
      },
      { cause: error },
    );
  }
}

/** The columns of a file as the commas of its first line tell, those of quoted names counted too. */
function columnsIn(path: string): number {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(lookedAt);
  let columns = 1;
  try {
    for (let at = 0; ; at += lookedAt) {
      const part = bytes.subarray(0, readSync(file, bytes, 0, lookedAt, at));
      const end = part.indexOf(10);
      for (const byte of end < 0 ? part : part.subarray(0, end)) if (byte === 44) columns++;
      if (end >= 0 || part.length < lookedAt) return columns;
    }
  } finally {
    closeSync(file);
  }
}

/** The names in the first line, where it ends within these bytes. */
function namesIn(bytes: Buffer): string[] {
  const text = bytes.toString("utf8").replace(/^\ufeff?[\r\n]*/, "");
  const line = /^(?:[^"\r\n]|"(?:[^"]|"")*")*(?=[\r\n])/.exec(text)?.[0] ?? "";
  const cells = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

async function faultOf(
  path: string,
  most: number,
  signal: AbortSignal | undefined,
): Promise<LogitpressError | null> {
  let rows = 0;
  try {
    for await (const { rows: more } of csvBatches(path, { delimiter: ",", ...(signal && { signal }) })) {
      rows += more;
      if (rows > most) return null;
    }
    return null;
  } catch (fault) {
    return fault instanceof LogitpressError ? fault : null;
  }
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(lookedAt);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, lookedAt, 0));
  } finally {
    closeSync(file);
  }
}
