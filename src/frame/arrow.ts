import { fail } from "../base/errors";

/** What is used of a column of an Arrow table. */
export interface ArrowColumn {
  /** The number of its rows. */
  readonly length: number;
  /** The value of a row; `null` where it is missing. */
  get(row: number): unknown;
}

/** What is used of an Arrow table, as the package `apache-arrow` has it: nothing is imported from there. */
export interface ArrowTable {
  /** The number of rows. */
  readonly numRows: number;
  /** The names of the columns, and what their values are. */
  readonly schema: {
    readonly fields: readonly { readonly name: string; readonly type?: { readonly typeId?: number } }[];
  };
  /** A column by its name, or `null`. */
  getChild(name: string): ArrowColumn | null;
}

/** Numbers of Arrow's types whose values are milliseconds since 1970 in JavaScript. */
const times: readonly number[] = [8, 10];

/** True for what looks like a table of Arrow. */
export function isArrowTable(value: object): value is ArrowTable {
  const table = value as Partial<ArrowTable>;
  return typeof table.getChild === "function" && Array.isArray(table.schema?.fields);
}

/** The names of the columns of an Arrow table. */
export function arrowNames({ schema }: ArrowTable): string[] {
  return schema.fields.map(({ name }) => name);
}

/**
 * A column of an Arrow table as plain values: dictionaries are decoded, dates and timestamps are `Date`s, integers of 64 bits are
 * numbers where a float holds them, else text; null where a value is missing.
 * @throws `invalid-data` for decimals, bytes, lists and structures, naming row and column
 */
export function arrowColumn(table: ArrowTable, name: string): unknown[] {
  const field = table.schema.fields.find((one) => one.name === name);
  const column = table.getChild(name);
  const isTime = times.includes(field?.type?.typeId ?? 0);
  const values = new Array<unknown>(table.numRows);
  for (let i = 0; i < values.length; i++) {
    const value = plain(column?.get(i));
    if (value === undefined) {
      fail("invalid-data", {
        thing: `value at row ${i}, column "${name}"`,
        value: column?.get(i),
        expected: "text, a number, a boolean or a date",
        remedy: "Cast the column before, for instance a decimal to a float.",
      });
    }
    values[i] = isTime && typeof value === "number" ? new Date(value) : value;
  }
  return values;
}

function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === "object" && !(value instanceof Date) ? undefined : value;
}
