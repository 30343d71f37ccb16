import { fail } from "../base/errors";
import { checkColumn } from "../frame/names";
import { checkCsvFiles } from "./csv-files";
import type { Database } from "./database";
import { type CompleteTable, filesSql, literal, quoted } from "./source";
import { featureColumns } from "./table-spec";

/** The name of the view of the rows that are encoded. */
export const rowsView = "logitpress_rows";

/** The name of the view of the same rows with the file of each, where there are several files. */
export const filesView = "logitpress_files";

/** The column of {@link filesView} that holds the file. */
export const fileColumn = "logitpress_file";

/** A source that is open. */
export interface OpenSource {
  /** The type of each column. */
  readonly types: Map<string, string>;
  readonly origin: RowsOrigin;
}

/** Of which files the rows are, so that a fault is told by its place in one. */
export interface RowsOrigin {
  /** Whether they are of several, as {@link filesView} has them. */
  readonly several: boolean;
  /** The only file; `null` for several, a table of a database or rows that a query computes. */
  readonly file: string | null;
  /** Whether files are CSV, whose rows may begin in other lines than their numbers say. */
  readonly csv: boolean;
}

/** Opens a source, read-only, as a view. @throws `missing-column`, `invalid-file`, `empty-data` */
export async function openSource(database: Database, table: CompleteTable): Promise<OpenSource> {
  let files: readonly string[] = [];
  if (table.kind === "database") {
    await database.run(`ATTACH ${literal(table.files[0])} AS logitpress_source (TYPE duckdb, READ_ONLY)`);
  } else {
    files = await listed(database, table.files);
    if (table.kind === "csv") checkCsvFiles(files);
    await checkSchemas(database, table.kind, files);
  }
  const own = table.select === null ? files : [];
  const several = own.length > 1;
  const relation =
    table.kind === "database"
      ? `logitpress_source.${quoted(table.table)}`
      : filesSql(table.kind, table.files);
  await database.run(`CREATE TEMP VIEW source AS SELECT * FROM ${relation}`);
  if (table.select !== null) await database.checkQuery(table.select);
  await database.run(`CREATE TEMP VIEW ${rowsView} AS ${table.select ?? "SELECT * FROM source"}`);
  if (table.kind !== "database" && several) {
    const named = filesSql(table.kind, table.files, fileColumn);
    await database.run(`CREATE TEMP VIEW ${filesView} AS SELECT * FROM ${named}`);
  }
  const types = await typesOf(database, rowsView);
  await database.plansFor(types.size);
  const { label, weights, text, blocks } = table;
  for (const name of [label, ...(weights === null ? [] : [weights]), ...featureColumns(table)]) {
    checkColumn(name, [...types.keys()]);
  }
  for (const { state } of text) checkType(state.name, types, /^VARCHAR$/, "text", "VARCHAR");
  for (const plan of blocks) {
    if (plan.kind === "dates") checkType(plan.name, types, dateTypes, "dates, numbers or text", "TIMESTAMP");
  }
  const file = own.length === 1 ? own[0] : null;
  return { types, origin: { several, file, csv: table.kind === "csv" } };
}

const dateTypes = /^(?:VARCHAR|DATE|TIMESTAMP.*|U?(?:TINY|SMALL|BIG)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/;

function checkType(
  name: string,
  types: ReadonlyMap<string, string>,
  able: RegExp,
  expected: string,
  type: string,
): void {
  const own = types.get(name)!;
  if (able.test(own)) return;
  fail("invalid-data", {
    thing: `type of column "${name}"`,
    value: own,
    expected,
    remedy: `Cast it in select, e.g. CAST(${quoted(name)} AS ${type}) AS ${quoted(name)}.`,
  });
}

/** The files that patterns name. @throws `invalid-file` for none */
export async function listed(database: Database, patterns: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    const rows = await database.rows(`SELECT file FROM glob(${literal(pattern)}) ORDER BY file`);
    if (rows.length === 0) {
      fail("invalid-file", { thing: "source", value: pattern, expected: "a file that is there" });
    }
    found.push(...rows.map(({ file }) => String(file)));
  }
  return found;
}

/** Refuses files whose columns differ from those of the first, before DuckDB finds out in the middle of a pass. */
async function checkSchemas(
  database: Database,
  kind: "parquet" | "csv",
  files: readonly string[],
): Promise<void> {
  const first = await typesOf(database, filesSql(kind, files.slice(0, 1)));
  for (const file of files.slice(1)) {
    const own = await typesOf(database, filesSql(kind, [file]));
    for (const name of new Set([...first.keys(), ...own.keys()])) {
      if (first.get(name) === own.get(name)) continue;
      fail("invalid-file", {
        thing: `column "${name}" of ${file}`,
        value: own.get(name) ?? "missing",
        expected: `as in ${files[0]}: ${first.get(name) ?? "no such column"}`,
        remedy: "Read files of one schema at a time, or write them anew with the same columns.",
      });
    }
  }
}

async function typesOf(database: Database, relation: string): Promise<Map<string, string>> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return new Map(rows.map((row) => [String(row.column_name), String(row.column_type)]));
}
