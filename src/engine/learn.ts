import { fail } from "../base/errors";
import { typedCells } from "../frame/cells";
import { isMissing } from "../frame/columns";
import type { NumericState } from "../frame/encoder-state";
import { labelOf } from "../matrix/dataset";
import type { Database } from "./database";
import { fileColumn, filesView, rowsView } from "./open-source";
import { type CompleteTable, literal, quoted } from "./source";

/** The expression of a column as a 64-bit float; blank text is missing. */
export function numberSql(name: string, type: string, as: "CAST" | "TRY_CAST" = "CAST"): string {
  const column = `r.${quoted(name)}`;
  return type === "VARCHAR" ? `${as}(NULLIF(trim(${column}), '') AS DOUBLE)` : `${as}(${column} AS DOUBLE)`;
}

/** The table of a column's distinct values `v` and their numbers `n`. */
export function levelTable(name: string): string {
  return quoted(`logitpress_level_${name}`);
}

/** The distinct values of a column in the order of the numbers that its level table gives them. */
export async function levelsOf(
  database: Database,
  name: string,
  label: boolean,
): Promise<readonly unknown[]> {
  const column = quoted(name);
  await database.run(
    `CREATE TEMP TABLE ${levelTable(name)} AS SELECT v, CAST(row_number() OVER (ORDER BY v) - 1 AS INTEGER) AS n
     FROM (SELECT DISTINCT ${column} AS v FROM ${rowsView} WHERE ${column} IS NOT NULL)`,
  );
  const rows = await database.rows(`SELECT v FROM ${levelTable(name)} ORDER BY n`);
  const values = rows.map(({ v }) => plain(v));
  const typed = values.every((value) => typeof value === "string") ? typedCells(values as string[]) : values;
  return label ? typed : typed.map((value) => (isMissing(value) ? null : String(value)));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return value instanceof Date ? labelOf(value) : value;
}

/** Refuses a value of a column that is missing where it may not be, or is no number, by its row. @param several whether the rows lie in several files */
export async function checkNumbers(
  database: Database,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
  missing: "error" | "mean",
  several: boolean,
): Promise<void> {
  if (names.length === 0) return;
  const wrong = names.map((name) => wrongSql(name, types.get(name)!, missing));
  const counts = wrong.map((sql, k) => `count(*) FILTER (WHERE ${sql}) AS c${k}`);
  const [row] = await database.rows(`SELECT ${counts.join(", ")} FROM ${rowsView} r`);
  const at = names.findIndex((_, k) => Number(row[`c${k}`]) > 0);
  if (at < 0) return;
  const { place, text } = await firstOf(database, several, names[at], wrong[at]);
  const value = text ?? "missing";
  const finite = /^[+-]?(?:inf|nan|missing)/i.test(value) || value.trim() === "";
  fail(finite ? "not-finite" : "invalid-data", {
    thing: `value at ${place}, column "${names[at]}"`,
    value,
    expected: "a finite number",
    remedy: 'Drop or fill missing values, or encode with missing: "mean".',
  });
}

/** Where the first row is that meets a condition, and the text of a column there: by its file where there are several. */
async function firstOf(
  database: Database,
  several: boolean,
  name: string,
  condition: string,
): Promise<{ readonly place: string; readonly text: string | null }> {
  const view = several ? filesView : rowsView;
  const file = several ? quoted(fileColumn) : "NULL";
  const [first] = await database.rows(
    `SELECT CAST(n AS DOUBLE) AS n, CAST(${quoted(name)} AS VARCHAR) AS v, ${file} AS f FROM (
       SELECT *, row_number() OVER () - 1 AS n FROM ${view}) r WHERE ${condition} LIMIT 1`,
  );
  const text = first.v === null ? null : String(first.v);
  if (!several) return { place: `row ${first.n}`, text };
  const path = String(first.f);
  const [{ before }] = await database.rows(
    `SELECT CAST(min(n) AS DOUBLE) AS before FROM (
       SELECT ${file} AS f, row_number() OVER () - 1 AS n FROM ${view}) WHERE f = ${literal(path)}`,
  );
  return { place: `row ${Number(first.n) - Number(before)} of ${path}`, text };
}

function wrongSql(name: string, type: string, missing: "error" | "mean"): string {
  const number = numberSql(name, type, "TRY_CAST");
  const given =
    type === "VARCHAR" ? `NULLIF(trim(r.${quoted(name)}), '') IS NOT NULL` : `r.${quoted(name)} IS NOT NULL`;
  const broken = `(${given} AND ${number} IS NULL) OR isinf(${number})`;
  return missing === "mean" ? broken : `(${broken} OR ${number} IS NULL OR isnan(${number}))`;
}

/** Refuses a missing label or level, and a label that is infinite, by its row. */
export async function checkPresent(
  database: Database,
  { label, categorical, missing }: CompleteTable,
  types: ReadonlyMap<string, string>,
  several: boolean,
): Promise<void> {
  const names = missing === "mean" ? [label] : [label, ...categorical];
  const absent = names.map((name) => absentSql(name, types.get(name)!, name === label));
  const counts = absent.map((sql, k) => `count(*) FILTER (WHERE ${sql}) AS c${k}`);
  const [row] = await database.rows(`SELECT ${counts.join(", ")} FROM ${rowsView} r`);
  const at = names.findIndex((_, k) => Number(row[`c${k}`]) > 0);
  if (at < 0) return;
  const { place, text } = await firstOf(database, several, names[at], absent[at]);
  const isLabel = at === 0;
  fail(isLabel ? "invalid-label" : "invalid-data", {
    thing: `${isLabel ? "label" : "level"} at ${place}, column "${names[at]}"`,
    value: text ?? "missing",
    expected: isLabel ? "a string, a number or a boolean" : "a level",
    remedy: isLabel
      ? "Drop or fill the rows without a label."
      : 'Drop or fill the missing values, or encode with missing: "mean".',
  });
}

function absentSql(name: string, type: string, isLabel: boolean): string {
  const column = `r.${quoted(name)}`;
  if (!/^(?:DOUBLE|FLOAT)$/.test(type)) return `${column} IS NULL`;
  return `(${column} IS NULL OR isnan(${column})${isLabel ? ` OR isinf(${column})` : ""})`;
}

/** Means and standard deviations, on one thread, so that their last bits do not depend on the order of sums. */
export async function momentsOf(
  database: Database,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
  threads: number,
): Promise<NumericState[]> {
  if (names.length === 0) return [];
  const parts = names.map((name, k) => {
    const x = `CASE WHEN isnan(${numberSql(name, types.get(name)!)}) THEN NULL ELSE ${numberSql(name, types.get(name)!)} END`;
    return `avg(${x}) AS m${k}, var_pop(${x}) AS s${k}, CAST(count(${x}) AS DOUBLE) AS c${k}`;
  });
  await database.run("SET threads = 1");
  const [row] = await database.rows(
    `SELECT CAST(count(*) AS DOUBLE) AS total, ${parts.join(", ")} FROM ${rowsView} r`,
  );
  await database.run(`SET threads = ${threads}`);
  return names.map((name, k) => {
    const count = Number(row[`c${k}`]);
    if (count === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
    const mean = Number(row[`m${k}`]);
    const deviation = Math.sqrt((Number(row[`s${k}`]) * count) / Number(row.total));
    return { name, mean, scale: deviation <= 1e-14 * Math.abs(mean) ? 1 : deviation };
  });
}
