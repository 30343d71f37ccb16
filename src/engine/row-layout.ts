import type { DuckDBDataChunk } from "@duckdb/node-api";
import { fail } from "../base/errors";
import { itemsOf } from "./database";
import { levelTable } from "./level-columns";
import { numberSql } from "./number-sql";
import { rowsView } from "./open-source";
import { type CompleteTable, quoted } from "./source";
import { dateSql, fieldsOf, isTextDate, levelTextSql, missingSql } from "./table-fields";

/**
 * What is read of a column: the number that its level table gives a level, -1 for none; 1 where it is missing, else 0; a number or
 * a point of time, NaN for none; or text.
 */
type FieldKind = "code" | "flag" | "number" | "time" | "timeText" | "hashed" | "text";

/** What is read of each row of a table, in which order. */
export class RowLayout {
  readonly #table: CompleteTable;
  readonly #types: ReadonlyMap<string, string>;
  readonly #fields: readonly { readonly kind: FieldKind; readonly name: string; readonly sql: string }[];

  /** @param flags the columns whose missing values are features */
  constructor(table: CompleteTable, types: ReadonlyMap<string, string>, flags: readonly string[]) {
    this.#table = table;
    this.#types = types;
    const { coded, numbers, dates, hashed, texts } = fieldsOf(table);
    const own = (kind: FieldKind, names: readonly string[], sql: (name: string, k: number) => string) =>
      names.map((name, k) => ({ kind, name, sql: sql(name, k) }));
    const isText = (name: string): boolean => isTextDate(types.get(name)!);
    const { weights } = table;
    const number = (sql: string): string => `COALESCE(${sql}, CAST('nan' AS DOUBLE))`;
    this.#fields = [
      ...own("code", coded, (_, k) => `COALESCE(l${k}.n, -1)`),
      ...own("flag", flags, (name) => `CAST(${missingSql(name, types.get(name)!)} AS INTEGER)`),
      ...own("number", [...numbers, ...(weights === null ? [] : [weights])], (name) =>
        number(numberSql(name, types.get(name)!)),
      ),
      ...own(
        "time",
        dates.filter((name) => !isText(name)),
        (name) => number(dateSql(name, types.get(name)!)),
      ),
      ...own("timeText", dates.filter(isText), (name) => dateSql(name, types.get(name)!)),
      ...own("hashed", hashed, (name) => levelTextSql(name, types.get(name)!)),
      ...own("text", texts, (name) => `COALESCE(r.${quoted(name)}, '')`),
    ];
  }

  /** The place of a field among those of a row, -1 where it is not read so. */
  place(kind: FieldKind, name: string): number {
    return this.#fields.findIndex((field) => field.kind === kind && field.name === name);
  }

  /** The type of a column. */
  typeOf(name: string): string {
    return this.#types.get(name)!;
  }

  /**
   * The query of the rows, with the number of each at the end, in an order that is the same each time; `ordered`, in that of the source,
   * see {@link checkOrder}; `merged`, equal rows are one, with their count at the end.
   */
  sql(as: "rows" | "ordered" | "merged"): string {
    const columns = this.#fields.map(({ sql }, k) => `${sql} AS f${k}`).join(", ");
    const { coded } = fieldsOf(this.#table);
    if (as === "merged") {
      return `SELECT ${columns}, CAST(count(*) AS DOUBLE) AS w ${joined(rowsView, coded)} GROUP BY ALL ORDER BY ALL`;
    }
    return `SELECT ${columns}, r.${numberColumn} AS n ${joined(numbered, coded)} ${as === "ordered" ? "ORDER BY n" : ""}`;
  }
}

/** The query of the numbers of some columns' levels in the order of the source, with the number of each row at the end. */
export function codesSql(names: readonly string[]): string {
  return `SELECT ${codesOf(names)}, r.${numberColumn} AS n ${joined(numbered, names)} ORDER BY n`;
}

/** The query of the tuples of numbers of some columns' levels, each once, with its count at the end. */
export function tuplesSql(names: readonly string[]): string {
  return `SELECT ${codesOf(names)}, CAST(count(*) AS DOUBLE) AS w ${joined(rowsView, names)} GROUP BY ALL`;
}

/**
 * Checks that rows come in the order of the source.
 * @param before the rows that came before the chunk
 * @throws `failed`
 */
export function checkOrder(chunk: DuckDBDataChunk, before: number): void {
  const numbers = itemsOf(chunk, chunk.columnCount - 1);
  const wrong = numbers.findIndex((number, i) => number !== before + i + 1);
  if (wrong < 0) return;
  const expected = String(before + wrong + 1);
  fail("failed", { thing: "row that DuckDB gives, by its number", value: numbers[wrong], expected });
}

const numberColumn = "logitpress_row";

/**
 * Rows with their numbers, from 1. DuckDB streams rows in any order on several threads; those that it numbers go through one, in the
 * order of the source up to a join, which puts rows without a partner after the others.
 */
const numbered = `(SELECT *, CAST(row_number() OVER () AS DOUBLE) AS ${numberColumn} FROM ${rowsView})`;

function codesOf(names: readonly string[]): string {
  return names.map((_, k) => `COALESCE(l${k}.n, -1) AS c${k}`).join(", ");
}

function joined(rows: string, coded: readonly string[]): string {
  const joins = coded.map((name, k) => `LEFT JOIN ${levelTable(name)} l${k} ON r.${quoted(name)} = l${k}.v`);
  return `FROM ${rows} r ${joins.join(" ")}`;
}
