import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { isArrowTable } from "./arrow";
import { columnsOf, type Frame, isRowFrame } from "./columns";
import { frameOf } from "./danfo";
import type { DataFrame } from "./data-frame";
import { columnsOfRecords } from "./json-file";
import { checkSchema, type Schema, typedColumn } from "./schema";

/** How to make a table. */
export interface FrameOptions {
  /** The types of columns by name; a column that is not named keeps the type of its values. Default: none. */
  readonly schema?: Schema;
  /** The names of the columns of rows that are arrays. Default: `0`, `1`, ... */
  readonly columns?: readonly string[];
}

/** What a table is made of: columns by name, a danfo DataFrame, an Arrow table, records, or rows of values. */
export type FrameSource = Frame | readonly object[] | readonly (readonly unknown[])[];

/**
 * A danfo DataFrame of columns by name, of records, of rows of values, of an Arrow table (as `apache-arrow` has it) or of another
 * DataFrame. Types are those of the schema, checked value by value, else those of the values, never danfo's guesses. Integers of 64
 * bits are numbers where a float holds them, else text. A record without a name has `null` there.
 * @throws `invalid-data` for a value of another type than the schema's, naming row and column; `missing-column` for a name of the schema
 * that is not there; `length-mismatch` where rows or columns are of different length; `empty-data` for no row or no column;
 * `invalid-option`, `unknown-option`; `missing-dependency` without danfo
 */
export function toFrame(source: FrameSource, options: FrameOptions = {}): DataFrame {
  const { columns, schema = {} } = typedColumnsOf(source, options);
  return frameOf(columns, schema);
}

/**
 * The same as columns by name, without danfo: what `tableFromArrays` of `apache-arrow` takes, and every function that takes a table.
 * @throws as {@link toFrame}
 */
export function toColumns(
  source: FrameSource,
  options: FrameOptions = {},
): Record<string, readonly unknown[]> {
  return Object.fromEntries(typedColumnsOf(source, options).columns);
}

function typedColumnsOf(
  source: FrameSource,
  options: FrameOptions,
): { readonly columns: Map<string, readonly unknown[]>; readonly schema: Schema } {
  checkKeys(options, ["schema", "columns"], "toFrame");
  const { schema = {} } = options;
  const untyped = untypedColumns(source, options.columns);
  const rows = [...untyped.values()][0]?.length ?? 0;
  if (rows === 0) {
    fail("empty-data", {
      thing: "table",
      value: `${rows} rows`,
      expected: "at least one row and one column",
    });
  }
  checkSchema(schema, [...untyped.keys()]);
  const columns = new Map<string, readonly unknown[]>();
  for (const [name, values] of untyped) {
    const kind = Object.hasOwn(schema, name) ? schema[name] : undefined;
    columns.set(
      name,
      kind === undefined ? Array.from(values, plain) : typedColumn(values, kind, name, (row) => `row ${row}`),
    );
  }
  return { columns, schema };
}

function untypedColumns(
  source: FrameSource,
  names: readonly string[] | undefined,
): ReadonlyMap<string, ArrayLike<unknown>> {
  if (!Array.isArray(source)) {
    if (typeof source !== "object" || source === null) return refuse(source);
    if (names !== undefined) refuseNames();
    const frame = source as Frame;
    if (!isArrowTable(frame) && !isRowFrame(frame)) {
      for (const column of Object.values(frame)) if (!isList(column)) refuse(column);
    }
    return columnsOf(frame);
  }
  if (source.length > 0 && source.every((row) => Array.isArray(row))) return columnsOfRows(source, names);
  if (names !== undefined) refuseNames();
  source.forEach((record) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) refuse(record);
  });
  return columnsOfRecords(source);
}

function columnsOfRows(
  rows: readonly (readonly unknown[])[],
  names: readonly string[] = rows[0].map((_, j) => String(j)),
): Map<string, unknown[]> {
  if (new Set(names).size < names.length) {
    fail("invalid-option", { thing: "columns", value: names.join(", "), expected: "each name once" });
  }
  rows.forEach((row, i) => {
    if (row.length === names.length) return;
    fail("length-mismatch", {
      thing: `length of row ${i}`,
      value: row.length,
      expected: String(names.length),
    });
  });
  return new Map(names.map((name, j) => [name, rows.map((row) => row[j])]));
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function refuse(value: unknown): never {
  return fail("invalid-data", {
    thing: "table",
    value,
    expected: "columns by name, records, rows of values, an Arrow table or a DataFrame",
  });
}

function refuseNames(): never {
  return fail("invalid-option", {
    thing: "columns",
    expected: "names of columns for rows that are arrays only",
  });
}
