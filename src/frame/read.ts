import { readFile } from "node:fs/promises";
import type { DataFrame } from "danfojs-node";
import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { parseCsv } from "./csv";
import { frameOf } from "./danfo";

/** How to read a CSV file. */
export interface CsvOptions {
  /** One character. Default `,`. */
  readonly delimiter?: string;
  /** Whether the first row holds the names. Without, columns are named `0`, `1`, ... Default true. */
  readonly header?: boolean;
  /** Cells that mean a missing value. Default: the empty cell, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL`. */
  readonly missing?: readonly string[];
  /** Columns whose cells stay text, whatever they look like. Default none. */
  readonly text?: readonly string[];
}

const missingCells = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];
const decimal = /^[+-]?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads a local CSV file (RFC 4180, UTF-8) into a danfo DataFrame. A column is numbers where each cell that is not
 * missing is a decimal number without leading zeros that a float holds (integers up to 2^53), booleans where each is
 * `true` or `false`, else text: "00" stays "00". A missing cell is `null` in columns of all types.
 * @throws `invalid-file` where the file can't be read or a row has another number of cells than the first, naming the
 * row; `empty-data` where there are no rows; `missing-dependency` without danfo
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<DataFrame> {
  checkKeys(options, ["delimiter", "header", "missing", "text"], "readCsv");
  const delimiter = options.delimiter ?? ",";
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    fail("invalid-option", { thing: "delimiter", value: delimiter, expected: "one character but a quote" });
  }
  const missing = new Set(options.missing ?? missingCells);
  const rows = parseCsv(await readText(path), delimiter, path);
  const header = options.header ?? true;
  const names = header ? (rows.shift() ?? []) : (rows[0] ?? []).map((_, j) => String(j));
  checkTable(path, rows.length, names);
  const kept = new Set(options.text ?? []);
  const columns = names.map((name, j) => {
    const cells = rows.map((row) => (missing.has(row[j]) ? null : row[j]));
    return [name, kept.has(name) ? cells : typed(cells)] as const;
  });
  return frameOf(new Map(columns));
}

/**
 * Reads a local JSON file into a danfo DataFrame: an array of records, or an object of columns. Values keep their
 * types; a record without a name has `null` there.
 * @throws `invalid-file` where the file can't be read or is of another form, naming the row; `empty-data`;
 * `length-mismatch` where columns are of different length; `missing-dependency` without danfo
 */
export async function readJson(path: string): Promise<DataFrame> {
  const data = parseJson(await readText(path), path);
  const columns = Array.isArray(data) ? columnsOfRecords(data, path) : columnsOfObject(data, path);
  checkTable(path, [...columns.values()][0]?.length ?? 0, [...columns.keys()]);
  return frameOf(columns);
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/^\ufeff/, "");
  } catch (cause) {
    return fail(
      "invalid-file",
      { thing: "file", value: path, expected: "a file that can be read" },
      { cause },
    );
  }
}

function checkTable(path: string, rows: number, names: readonly string[]): void {
  if (rows === 0 || names.length === 0) {
    fail("empty-data", { thing: "table in the file", value: path, expected: "at least one row" });
  }
  const again = names.find((name, j) => names.indexOf(name) !== j);
  if (again === undefined) return;
  fail("invalid-file", { thing: `column name in ${path}`, value: again, expected: "each name once" });
}

function typed(cells: readonly (string | null)[]): readonly unknown[] {
  const every = (holds: (cell: string) => boolean): boolean =>
    cells.every((cell) => cell === null || holds(cell));
  if (every(isNumber)) {
    return cells.map((cell) => (cell === null ? null : Number(cell)));
  }
  if (every((cell) => cell === "true" || cell === "false")) {
    return cells.map((cell) => (cell === null ? null : cell === "true"));
  }
  return cells;
}

function isNumber(cell: string): boolean {
  if (!decimal.test(cell) || !/\d/.test(cell)) return false;
  return /^[+-]?\d+$/.test(cell) ? Number.isSafeInteger(Number(cell)) : Number.isFinite(Number(cell));
}

function parseJson(text: string, path: string): object {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === "object" && data !== null) return data;
  } catch (cause) {
    fail("invalid-file", { thing: "JSON file", value: path, expected: "valid JSON" }, { cause });
  }
  return fail("invalid-file", {
    thing: "JSON file",
    value: path,
    expected: "an array of records or an object of columns",
  });
}

function columnsOfRecords(records: readonly unknown[], path: string): Map<string, unknown[]> {
  const columns = new Map<string, unknown[]>();
  records.forEach((record, i) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      fail("invalid-file", { thing: `row ${i} of ${path}`, value: record, expected: "a record" });
    }
    for (const [name, value] of Object.entries(record)) {
      if (!columns.has(name)) columns.set(name, new Array(records.length).fill(null));
      columns.get(name)![i] = value;
    }
  });
  return columns;
}

function columnsOfObject(data: object, path: string): Map<string, unknown[]> {
  const entries = Object.entries(data);
  for (const [name, column] of entries) {
    if (!Array.isArray(column)) {
      fail("invalid-file", { thing: `column "${name}" of ${path}`, value: column, expected: "an array" });
    }
    if (column.length !== entries[0][1].length) {
      fail("length-mismatch", {
        thing: `length of column "${name}" of ${path}`,
        value: column.length,
        expected: String(entries[0][1].length),
      });
    }
  }
  return new Map(entries);
}
