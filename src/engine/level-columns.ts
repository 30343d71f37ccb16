import { typedCells } from "../frame/cells";
import { isMissing } from "../frame/columns";
import { labelOf } from "../matrix/dataset";
import type { Database } from "./database";
import { rowsView } from "./open-source";
import { quoted } from "./source";

/** The distinct values of a column in the order of the numbers that its level table gives them. */
export interface LevelColumn {
  readonly name: string;
  /** Strings, numbers and booleans; `null` for a number that is none. */
  readonly values: readonly unknown[];
  /** How many rows have each. */
  readonly counts: readonly number[];
}

/** The table of a column's distinct values `v` and their numbers `n`. */
export function levelTable(name: string): string {
  return quoted(`logitpress_level_${name}`);
}

/** Numbers the distinct values of a column in a table of its own. */
export async function levelsOf(database: Database, name: string): Promise<LevelColumn> {
  const column = quoted(name);
  await database.run(
    `CREATE TEMP TABLE ${levelTable(name)} AS SELECT v, c, CAST(row_number() OVER (ORDER BY v) - 1 AS INTEGER) AS n
     FROM (SELECT ${column} AS v, CAST(count(*) AS DOUBLE) AS c FROM ${rowsView} WHERE ${column} IS NOT NULL GROUP BY ${column})`,
  );
  const rows = await database.rows(`SELECT v, c FROM ${levelTable(name)} ORDER BY n`);
  const plainValues = rows.map(({ v }) => plain(v));
  const typed = plainValues.every((value) => typeof value === "string")
    ? typedCells(plainValues as string[])
    : plainValues;
  const values = typed.map((value) => (isMissing(value) ? null : value));
  return { name, values, counts: rows.map(({ c }) => Number(c)) };
}

/** How many rows have each level as text; values that are the same as text are one level. */
export function textCounts({ values, counts }: LevelColumn): Map<string, number> {
  const found = new Map<string, number>();
  values.forEach((value, k) => {
    if (value !== null) found.set(String(value), (found.get(String(value)) ?? 0) + counts[k]);
  });
  return found;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return value instanceof Date ? labelOf(value) : value;
}
