import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { CellBatch } from "./cell-batch";
import { typedColumnOf } from "./cells";
import { type CsvOptions, csvBatches } from "./csv-batches";
import { frameOf } from "./danfo";
import type { DataFrame } from "./data-frame";
import { type JsonOptions, jsonColumns } from "./json-file";
import { checkTable } from "./names";
import { type ParquetOptions, parquetBatches } from "./parquet";
import { joinedColumns, type Paths, pathList } from "./several";

/**
 * Reads a local CSV file (RFC 4180; `.gz` too) into a danfo DataFrame. A column is numbers where each cell that is not
 * missing is a decimal number without leading zeros that a float holds (integers up to 2^53), booleans where each is
 * `true` or `false`, else text: "00" stays "00". A missing cell is `null` in columns of all types. Several files, in a list or by
 * a pattern, are one table: each must have the same columns, of the same types.
 * @throws `invalid-file` where the file can't be read, is no text in its encoding or a row has another number of cells
 * than the first, naming the line; `invalid-data` for a cell that is not of the schema's type, naming line and column; `missing-column`
 * for a name of the schema that is not there; `empty-data` where there are no rows; `missing-dependency` without danfo
 */
export async function readCsv(path: Paths, options: CsvOptions = {}): Promise<DataFrame> {
  return frameOf(await joined(path, (file) => csvColumns(file, options)), options.schema);
}

/**
 * Reads a local JSON file into a danfo DataFrame: an array of records, an object of columns, or records line after line
 * where the file ends in `.jsonl` or `.ndjson` (`.gz` too). Values keep their types; a record without a name has `null`
 * there. Several files are one table, as for {@link readCsv}.
 * @throws `invalid-file` where the file can't be read or is of another form, naming the row; `invalid-data` for a value
 * that is not of the schema's type; `missing-column` for a name of the schema that is not there; `empty-data`; `length-mismatch` where columns are of different length; `missing-dependency` without danfo
 */
export async function readJson(path: Paths, options: JsonOptions = {}): Promise<DataFrame> {
  return frameOf(await joined(path, (file) => jsonColumns(file, options)), options.schema);
}

/**
 * Reads a local Parquet file into a danfo DataFrame. Integers of 64 bits are numbers where a float holds them, else
 * text; a missing value is `null`. Several files are one table, as for {@link readCsv}.
 * @throws `unknown-option`; `missing-column`; `invalid-data` for a value that is not of the schema's type, naming row and column; `invalid-file` where the file can't be read, is no Parquet file or is cut
 * short; `empty-data`; `missing-dependency` without danfo
 */
export async function readParquet(path: Paths, options: ParquetOptions = {}): Promise<DataFrame> {
  return frameOf(await joined(path, (file) => parquetColumns(file, options)), options.schema);
}

/** How {@link readTable} and {@link scanTable} read a file: what its form does not know is refused. */
export type TableOptions = CsvOptions & ParquetOptions & JsonOptions;

/**
 * Reads a local table by the end of its name: `.csv`, `.tsv`, `.json`, `.jsonl`, `.ndjson` (each also with `.gz`) or
 * `.parquet`. Several files, in a list or by a pattern, are one table: each must have the same columns, of the same types.
 * @throws `invalid-file` for another end, for a file with other columns or types than the first, and as the reader of that form;
 * `empty-data` for no file
 */
export async function readTable(path: Paths, options: TableOptions = {}): Promise<DataFrame> {
  return frameOf(await columnsOfTable(path, options), options.schema);
}

/** The columns of a local table, without danfo. @throws as {@link readTable} */
export async function columnsOfTable(
  path: Paths,
  options: TableOptions = {},
): Promise<Map<string, readonly unknown[]>> {
  return await joined(path, (file) => columnsOfFile(file, options));
}

async function joined(paths: Paths, read: (file: string) => Promise<Columns>): Promise<Columns> {
  const files: { path: string; columns: Columns }[] = [];
  for (const path of pathList(paths)) files.push({ path, columns: checked(path, await read(path)) });
  return joinedColumns(files);
}

async function columnsOfFile(path: string, options: TableOptions): Promise<Columns> {
  const form = tableForm(path);
  if (form === "csv") return await csvColumns(path, options);
  return await (form === "parquet" ? parquetColumns(path, options) : jsonColumns(path, options));
}

type Columns = Map<string, readonly unknown[]>;

function checked(path: string, columns: Columns): Columns {
  checkTable(path, [...columns.values()][0]?.length ?? 0, columns.size);
  return columns;
}

async function csvColumns(path: string, options: CsvOptions): Promise<Columns> {
  checkShape(options, "options of readCsv", "an object", {});
  const { schema = {} } = options;
  const batches: CellBatch[] = [];
  const typed = new Map<string, unknown[]>();
  for await (const batch of csvBatches(path, options)) {
    batches.push(batch);
    batch.names.forEach((name, j) => {
      if (!Object.hasOwn(schema, name)) return;
      const column = typed.get(name) ?? [];
      for (const value of batch.typed(j, schema[name])) column.push(value);
      typed.set(name, column);
    });
  }
  return new Map(
    (batches[0]?.names ?? []).map((name, j) => [name, typed.get(name) ?? typedColumnOf(batches, j)]),
  );
}

async function parquetColumns(path: string, options: ParquetOptions): Promise<Columns> {
  return await gathered(parquetBatches(path, options));
}

async function gathered<T>(
  batches: AsyncIterable<{ readonly names: readonly string[]; readonly columns: readonly ArrayLike<T>[] }>,
): Promise<Map<string, T[]>> {
  const gathered = new Map<string, T[]>();
  for await (const { names, columns } of batches) {
    names.forEach((name, j) => {
      const column = gathered.get(name) ?? [];
      const part = columns[j];
      for (let i = 0; i < part.length; i++) column.push(part[i]);
      gathered.set(name, column);
    });
  }
  return gathered;
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
