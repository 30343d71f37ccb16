import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { list } from "../frame/check-spec";
import type { EncoderSpec } from "../frame/encoder-spec";
import { usualMissing } from "../frame/missing-cells";
import { type CompleteSpec, parseSpec, sourceKind, specKeys } from "./table-spec";

/** Where rows lie: exactly one of `parquet`, `csv` and `database`. Sources are read only, never written. */
export interface TableSource {
  /** Parquet files, all with the same columns; names may have `*`. */
  readonly parquet?: string | readonly string[];
  /**
   * CSV files with a header, comma-separated, all with the same columns; names may have `*`. The cells that `readCsv` takes for missing
   * are: empty ones, `NA`, `N/A`, `NaN`, `nan`, `null` and `NULL`.
   */
  readonly csv?: string | readonly string[];
  /** The file of a DuckDB database. */
  readonly database?: string;
  /** The table of `database`. */
  readonly table?: string;
  /** One SELECT of one's own over the rows, which are called `source`: columns to compute, rows to leave out. */
  readonly select?: string;
}

/** How the columns of a table become features, by the rules of `TableEncoder` and with its options; missing text is empty. */
export interface TableSpec extends EncoderSpec {
  /** A column of weights of the rows, at least 0. Default: all one. What is learnt of rows to encode them counts each once. */
  readonly weights?: string;
}

/** A table beyond memory: where it lies and what its columns are. */
export interface DuckDbTable extends TableSource, TableSpec {}

/** A table with every default filled in. */
export interface CompleteTable extends CompleteSpec {
  readonly kind: "parquet" | "csv" | "database";
  /** The files as given. */
  readonly files: readonly string[];
  readonly table: string;
  readonly select: string | null;
}

const kinds = ["parquet", "csv", "database"] as const;
const known = [...kinds, "table", "select", ...specKeys];

/** Checks a table and fills in its defaults. @throws `unknown-option`, `missing-option`, `invalid-option` */
export function parseTable(table: DuckDbTable): CompleteTable {
  checkKeys(table, known, "the table");
  const kind = sourceKind(table, kinds);
  const files = list(table[kind]);
  if (files.length === 0) fail("missing-option", { thing: kind, expected: "a file at least" });
  const inside = kind === "database";
  if (inside !== (table.table !== undefined)) {
    fail(inside ? "missing-option" : "invalid-option", {
      thing: "table",
      expected: "the name of a table beside database",
    });
  }
  return { kind, files, table: table.table ?? "", select: table.select ?? null, ...parseSpec(table) };
}

/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The expression that reads files: text cells of CSV as they are, since a guess of their types loses "007".
 * @param fileColumn the name of a column to add that holds each row's file
 */
export function filesSql(kind: "parquet" | "csv", files: readonly string[], fileColumn?: string): string {
  const names = `[${files.map(literal).join(", ")}]`;
  const rest = `hive_partitioning = false${fileColumn === undefined ? "" : `, filename = ${literal(fileColumn)}`}`;
  return kind === "parquet"
    ? `read_parquet(${names}, ${rest})`
    : `read_csv(${names}, header = true, all_varchar = true, skip = 0, delim = ',', quote = '"', escape = '"', nullstr = [${usualMissing.map(literal).join(", ")}], ${rest})`;
}
