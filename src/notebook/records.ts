import { isPlain } from "../base/shape";
import { grouped } from "../chart/format";
import { resultFormat } from "./column";
import type { Grid } from "./grid";

type PlainRecord = Readonly<Record<string, unknown>>;

const looked = 20;
const widest = 30;

/**
 * True for two or more plain objects of the same properties, each a word, a number or a date, as a query or a file of
 * records gives. Only the first and last ones are looked at.
 */
export function isRecords(value: readonly unknown[]): value is readonly PlainRecord[] {
  if (value.length < 2) return false;
  const some = [...value.slice(0, looked), ...value.slice(-looked)];
  const names = plainKeys(some[0]);
  if (names === undefined || names.length < 2 || names.length > widest) return false;
  return some.every((item) => {
    const keys = plainKeys(item);
    return keys !== undefined && keys.length === names.length && names.every((name) => keys.includes(name));
  });
}

/** The records as a table of one column a property. */
export function recordsGrid(value: readonly PlainRecord[]): Grid {
  const names = Object.keys(value[0]);
  return {
    title: `Array of ${grouped(value.length)} records`,
    rows: value.length,
    columns: names.length,
    at: (row, column) => value[row]?.[names[column]],
    rowName: (row) => row,
    columnName: (column) => names[column],
    format: resultFormat,
  };
}

type Columns = Readonly<Record<string, ArrayLike<unknown>>>;

/**
 * True for a plain object of two or more lists of one length, of words, numbers or dates: a table as columns by name. Only the first and
 * last values are looked at.
 */
export function isColumns(value: object): value is Columns {
  if (!isPlain(value)) return false;
  const columns = Object.values(Object.getOwnPropertyDescriptors(value)).map((own) => own.value as unknown);
  if (columns.length < 2 || !columns.every(isColumn)) return false;
  const rows = columns[0].length;
  return rows > 1 && columns.every(({ length }) => length === rows);
}

/** Columns by name as a table. */
export function columnsGrid(value: Columns): Grid {
  const names = Object.keys(value);
  const rows = value[names[0]].length;
  return {
    title: `Columns by name: ${grouped(rows)} rows x ${grouped(names.length)} columns`,
    rows,
    columns: names.length,
    at: (row, column) => value[names[column]][row],
    rowName: (row) => row,
    columnName: (column) => names[column],
    format: resultFormat,
  };
}

function isColumn(value: unknown): value is ArrayLike<unknown> {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  return Array.isArray(value) && [...value.slice(0, looked), ...value.slice(-looked)].every(isFlat);
}

function plainKeys(value: unknown): string[] | undefined {
  if (typeof value !== "object" || value === null || !isPlain(value)) return undefined;
  const keys = Object.keys(value);
  const flat = keys.every((key) => {
    const inner = Object.getOwnPropertyDescriptor(value, key);
    return inner !== undefined && "value" in inner && isFlat(inner.value);
  });
  return flat ? keys : undefined;
}

function isFlat(value: unknown): boolean {
  return value === null || value instanceof Date || !["object", "function", "symbol"].includes(typeof value);
}
