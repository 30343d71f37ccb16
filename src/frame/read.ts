import type { DataFrame } from "danfojs-node";
import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { typedCells } from "./cells";
import { type CsvOptions, csvBatches } from "./csv-batches";
import { frameOf } from "./danfo";
import { jsonColumns } from "./json-file";
import { checkTable } from "./names";
import { type ParquetOptions, parquetBatches } from "./parquet";

/**
 * Reads a local CSV file (RFC 4180; `.gz` too) into a danfo DataFrame. A column is numbers where each cell that is not
 * missing is a decimal number without leading zeros that a float holds (integers up to 2^53), booleans where each is
 * `true` or `false`, else text: "00" stays "00". A missing cell is `null` in columns of all types.
 * @throws `invalid-file` where the file can't be read, is no text in its encoding or a row has another number of cells
 * than the first, naming the line; `empty-data` where there are no rows; `missing-dependency` without danfo
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<DataFrame> {
  let names: readonly string[] = [];
  let columns: (string | null)[][] = [];
  for await (const batch of csvBatches(path, options, 2 ** 14)) {
    if (columns.length === 0) columns = batch.names.map(() => []);
    names = batch.names;
    batch.columns.forEach((cells, j) => {
      for (const cell of cells) columns[j].push(cell);
    });
  }
  checkTable(path, columns[0]?.length ?? 0, names.length);
  const kept = new Set(options.text ?? []);
  return frameOf(
    new Map(names.map((name, j) => [name, kept.has(name) ? columns[j] : typedCells(columns[j])])),
  );
}

/**
 * Reads a local JSON file into a danfo DataFrame: an array of records, an object of columns, or records line after line
 * where the file ends in `.jsonl` or `.ndjson` (`.gz` too). Values keep their types; a record without a name has `null`
 * there.
 * @throws `invalid-file` where the file can't be read or is of another form, naming the row; `empty-data`;
 * `length-mismatch` where columns are of different length; `missing-dependency` without danfo
 */
export async function readJson(path: string): Promise<DataFrame> {
  const columns = await jsonColumns(path);
  checkTable(path, [...columns.values()][0]?.length ?? 0, columns.size);
  return frameOf(columns);
}

/**
 * Reads a local Parquet file into a danfo DataFrame. Integers of 64 bits are numbers where a float holds them, else
 * text; a missing value is `null`.
 * @throws `unknown-option`; `missing-column`; `invalid-file` where the file can't be read, is no Parquet file or is cut
 * short; `empty-data`; `missing-dependency` without danfo
 */
export async function readParquet(path: string, options: ParquetOptions = {}): Promise<DataFrame> {
  const columns = new Map<string, unknown[]>();
  for await (const batch of parquetBatches(path, options)) {
    batch.names.forEach((name, j) => {
      const column = columns.get(name) ?? [];
      const part = batch.columns[j];
      for (let i = 0; i < part.length; i++) column.push(part[i]);
      columns.set(name, column);
    });
  }
  checkTable(path, [...columns.values()][0]?.length ?? 0, columns.size);
  return frameOf(columns);
}

/** How {@link readTable} and {@link scanTable} read a file: what its form does not know is refused. */
export type TableOptions = CsvOptions & ParquetOptions;

/**
 * Reads a local table by the end of its name: `.csv`, `.tsv`, `.json`, `.jsonl`, `.ndjson` (each also with `.gz`) or
 * `.parquet`.
 * @throws `invalid-file` for another end, and as the reader of that form
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<DataFrame> {
  const form = tableForm(path);
  if (form === "csv") return await readCsv(path, options);
  if (form === "parquet") return await readParquet(path, options);
  checkKeys(options, [], "readJson");
  return await readJson(path);
}

/** The form that the end of a file's name stands for. @throws `invalid-file` */
export function tableForm(path: string): "csv" | "json" | "parquet" {
  const [, end] = /\.(csv|tsv|json|jsonl|ndjson|parquet)(?:\.gz)?$/i.exec(path) ?? [];
  const form = end?.toLowerCase();
  if (form === undefined || (form === "parquet" && /\.gz$/i.test(path))) {
    fail("invalid-file", {
      thing: "table",
      value: path,
      expected: "a name that ends in .csv, .tsv, .json, .jsonl, .ndjson or .parquet",
    });
  }
  if (form === "parquet") return "parquet";
  return form === "csv" || form === "tsv" ? "csv" : "json";
}
