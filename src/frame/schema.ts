import { checkChoice } from "../base/check";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import { timeOf } from "./blocks/dates";
import { isMissing } from "./columns";
import { checkColumn } from "./names";

/**
 * What the values of a column are to be: `string`, `number` (finite), `integer` (up to 2^53 - 1), `boolean` or `date` (a `Date`; text in
 * ISO 8601, UTC without a zone). A missing value is `null` in columns of all types.
 */
export type ColumnKind = "string" | "number" | "integer" | "boolean" | "date";

/** The types of columns by name; a column that is not named keeps the type of its values. */
export type Schema = Readonly<Record<string, ColumnKind>>;

/** All types of columns. */
const columnKinds: readonly ColumnKind[] = ["string", "number", "integer", "boolean", "date"];

/**
 * Checks a schema.
 * @param names of the columns that there are
 * @throws `invalid-option` for another type; `missing-column` for a column that is not there
 */
export function checkSchema(schema: Schema, names?: readonly string[]): void {
  checkShape(schema, "schema", "types of columns by name", {});
  const there = names === undefined ? undefined : new Set(names);
  for (const [name, kind] of Object.entries(schema)) {
    checkChoice(kind, `type of column "${name}"`, columnKinds);
    if (there?.has(name) === false) checkColumn(name, names!);
  }
}

/**
 * The values of a column as its schema says.
 * @param place names the row: `row 3`, `line 5 of t.csv`
 * @throws `invalid-data` for the first value that is none of that type, naming place and column; `not-finite` for infinity
 */
export function typedColumn(
  values: ArrayLike<unknown>,
  kind: ColumnKind,
  name: string,
  place: (row: number) => string,
): unknown[] {
  const read = readers[kind];
  const typed = new Array<unknown>(values.length);
  for (let i = 0; i < typed.length; i++) {
    const value = values[i];
    const known = isMissing(value) ? null : read(value);
    if (known === undefined) refuse(value, kind, name, place(i));
    typed[i] = known;
  }
  return typed;
}

/** danfo's name of the type. */
export const danfoTypes: Readonly<Record<ColumnKind, "string" | "float32" | "int32" | "boolean">> = {
  string: "string",
  number: "float32",
  integer: "int32",
  boolean: "boolean",
  date: "string",
};

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const whole = /^[+-]?\d+$/;

const readers: Readonly<Record<ColumnKind, (value: unknown) => unknown>> = {
  string(value) {
    if (typeof value === "string") return value;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
    return ["number", "bigint", "boolean"].includes(typeof value) ? String(value) : undefined;
  },
  number: numberOf,
  integer(value) {
    const number = numberOf(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  boolean(value) {
    if (typeof value === "boolean") return value;
    const text = typeof value === "string" ? value.trim().toLowerCase() : "";
    return text === "true" ? true : text === "false" ? false : undefined;
  },
  date(value) {
    const time = timeOf(value);
    return time === undefined ? undefined : new Date(time);
  },
};

/** A finite number that is what was written: an integer whose digits a float loses is none. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  const text = typeof value === "string" ? value.trim() : "";
  if (!decimal.test(text)) return undefined;
  const number = Number(text);
  return whole.test(text) && !Number.isSafeInteger(number) ? undefined : numberOf(number);
}

const expectations: Readonly<Record<ColumnKind, string>> = {
  string: "text",
  number: "a finite number, an integer up to 2^53 - 1 where it has no fraction",
  integer: "an integer up to 2^53 - 1",
  boolean: "true or false",
  date: "a Date, milliseconds since 1970, or ISO 8601 such as 2024-02-29 or 2024-02-29T13:45:00Z",
};

function refuse(value: unknown, kind: ColumnKind, name: string, place: string): never {
  const infinite = value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
  return fail(infinite ? "not-finite" : "invalid-data", {
    thing: `value at ${place}, column "${name}"`,
    value: value instanceof Date ? "no time" : value,
    expected: expectations[kind],
    remedy: 'Repair the value, name it as missing, or give the column the type "string" in the schema.',
  });
}
