import { fail } from "../base/errors";
import { numberRemedy } from "../frame/value";
import { lineOf } from "./csv-files";
import type { Database } from "./database";
import { cellSql } from "./number-sql";
import { fileColumn, filesView, type RowsOrigin, rowsView } from "./open-source";
import { type CompleteTable, literal, quoted } from "./source";
import { fieldsOf } from "./table-fields";

/** Refuses a value of a column that is missing where it may not be, or is no number, by its row. */
export async function checkNumbers(
  database: Database,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
  missing: "error" | "mean" | "indicator",
  origin: RowsOrigin,
): Promise<void> {
  const wrongs = await database.ofColumns(
    names,
    (some) => wrongsSql(some, types, missing),
    (row, k) => Number(row[`c${k}`]),
  );
  const at = wrongs.findIndex((count) => count > 0);
  if (at < 0) return;
  const cell = cellSql(names[at], types.get(names[at])!);
  const wrong = wrongSql(cell, `TRY_CAST(${cell} AS DOUBLE)`, missing);
  const { place, text } = await firstOf(database, origin, names[at], wrong);
  const value = text ?? "missing";
  const absent = text === null || /^\s*(?:[+-]?nan)?\s*$/i.test(text);
  const infinite = /^\s*[+-]?inf/i.test(value);
  fail(absent || infinite ? "not-finite" : "invalid-data", {
    thing: `value at ${place}, column "${names[at]}"`,
    value,
    expected: "a finite number",
    remedy: absent ? fillRemedy : numberRemedy,
  });
}

function wrongsSql(
  names: readonly string[],
  types: ReadonlyMap<string, string>,
  missing: CompleteTable["missing"],
): string {
  // DuckDB plans expressions in the square of their number times their length: cells and numbers have names of their own.
  const cells = names.map((name, k) => `${cellSql(name, types.get(name)!)} AS v${k}`);
  const numbers = names.map((_, k) => `v${k}, TRY_CAST(v${k} AS DOUBLE) AS x${k}`);
  const counts = names.map(
    (_, k) => `count(CASE WHEN ${wrongSql(`v${k}`, `x${k}`, missing)} THEN 1 END) AS c${k}`,
  );
  return `SELECT ${counts.join(", ")} FROM (SELECT ${numbers.join(", ")} FROM (SELECT ${cells.join(", ")} FROM ${rowsView} r))`;
}

const fillRemedy = 'Drop or fill the missing values, or encode with missing: "mean" or "indicator".';

/** Where the first row is that meets a condition, by its file, and in CSV by its line; and the text of a column there. */
export async function firstOf(
  database: Database,
  origin: RowsOrigin,
  name: string,
  condition: string,
): Promise<{ readonly place: string; readonly text: string | null }> {
  const { several, csv } = origin;
  const view = several ? filesView : rowsView;
  const file = several ? quoted(fileColumn) : "NULL";
  const [first] = await database.rows(
    `SELECT CAST(n AS DOUBLE) AS n, CAST(${quoted(name)} AS VARCHAR) AS v, ${file} AS f FROM (
       SELECT *, row_number() OVER () - 1 AS n FROM ${view}) r WHERE ${condition} LIMIT 1`,
  );
  const text = first.v === null ? null : String(first.v);
  if (!several && origin.file === null) return { place: `row ${first.n}`, text };
  const path = several ? String(first.f) : origin.file!;
  const row = Number(first.n) - (several ? await rowsBefore(database, path) : 0);
  const line = csv ? await lineOf(path, row, name, text) : null;
  return { place: `row ${row}${line === null ? "" : ` (line ${line})`} of ${path}`, text };
}

/** The rows of the files before a file. */
async function rowsBefore(database: Database, path: string): Promise<number> {
  const [{ before }] = await database.rows(
    `SELECT CAST(min(n) AS DOUBLE) AS before FROM (
       SELECT ${quoted(fileColumn)} AS f, row_number() OVER () - 1 AS n FROM ${filesView}) WHERE f = ${literal(path)}`,
  );
  return Number(before);
}

/** Whether a cell is wrong that is to be a number. @param number the cell as one, NULL where it is none */
function wrongSql(cell: string, number: string, missing: CompleteTable["missing"]): string {
  const broken = `(${cell} IS NOT NULL AND ${number} IS NULL) OR isinf(${number})`;
  return missing !== "error" ? broken : `(${broken} OR ${number} IS NULL OR isnan(${number}))`;
}

/** Refuses a missing label or level, and a label that is infinite, by its row. */
export async function checkPresent(
  database: Database,
  table: CompleteTable,
  types: ReadonlyMap<string, string>,
  origin: RowsOrigin,
): Promise<void> {
  const { label, missing } = table;
  const { coded, dates, hashed } = fieldsOf(table);
  const names = missing === "error" ? [...new Set([...coded, ...dates, ...hashed])] : [label];
  const absent = (name: string): string => absentSql(name, types.get(name)!, name === label);
  const counts = await countsOf(database, names, absent);
  const at = counts.findIndex((count) => count > 0);
  if (at < 0) return;
  const { place, text } = await firstOf(database, origin, names[at], absent(names[at]));
  const isLabel = at === 0;
  const what = isLabel ? "label" : dates.includes(names[at]) ? "date" : "level";
  fail(isLabel ? "invalid-label" : "invalid-data", {
    thing: `${what} at ${place}, column "${names[at]}"`,
    value: text ?? "missing",
    expected: isLabel ? "a string, a number or a boolean" : `a ${what}`,
    remedy: isLabel ? "Drop or fill the rows without a label." : fillRemedy,
  });
}

/** The rows that meet a condition of each column, of the view `r` of rows. */
export async function countsOf(
  database: Database,
  names: readonly string[],
  condition: (name: string) => string,
): Promise<number[]> {
  return await database.ofColumns(
    names,
    (some) => {
      const counts = some.map((name, k) => `count(CASE WHEN ${condition(name)} THEN 1 END) AS c${k}`);
      return `SELECT ${counts.join(", ")} FROM ${rowsView} r`;
    },
    (row, k) => Number(row[`c${k}`]),
  );
}

function absentSql(name: string, type: string, isLabel: boolean): string {
  const column = `r.${quoted(name)}`;
  if (!/^(?:DOUBLE|FLOAT)$/.test(type)) return `${column} IS NULL`;
  return `(${column} IS NULL OR isnan(${column})${isLabel ? ` OR isinf(${column})` : ""})`;
}
