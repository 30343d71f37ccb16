import { closeSync, openSync, readSync } from "node:fs";
import { fail, LogitpressError } from "../base/errors";
import { csvBatches } from "../frame/csv-batches";

/** The first bytes of a file that are looked at. */
const lookedAt = 65536;
/** Rows that are read at a time to find a fault. */
const batch = 10_000;
/** Rows that are read to find a fault that DuckDB names no line of: it looks at fewer before it begins. */
const firstRows = 100_000;

/**
 * Refuses CSV files that are empty or plainly no UTF-8, which DuckDB would take for other columns.
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
    if (!marked && !text.includes("\0")) continue;
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
 * @throws `corrupt-file` for a fault that was found; else the error
 */
export async function explained(
  error: unknown,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<never> {
  if (!(error instanceof LogitpressError) || error.code !== "corrupt-file") throw error;
  const line = Number(/on Line: (\d+)/.exec(error.message)?.[1] ?? firstRows);
  for (const path of files) {
    const fault = await faultOf(path, line + batch, signal);
    if (fault === null) continue;
    if (fault.code === "cancelled") throw fault;
    const message = fault.message.replace(/\. [^.]*encoding: [^.]*\.$/, "");
    fail("corrupt-file", { thing: `CSV file (${message})` }, { cause: error });
  }
  throw error;
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
