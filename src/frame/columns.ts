import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import { checkShape, isPlain } from "../base/shape";
import { type Label, labelOf } from "../matrix/dataset";
import { type ArrowTable, arrowColumn, arrowNames, isArrowTable } from "./arrow";
import { cellNumbers, cellRows } from "./cell-frame";
import { refuseObject } from "./missing";
import { checkColumn } from "./names";
import { isMissing, numberOf } from "./value";

export { isMissing } from "./value";

/** What is used of a danfo DataFrame: its rows of raw values, since danfo's guesses of types are often wrong. */
export interface RowFrame {
  /** The names of the columns, in order. */
  readonly columns: string[];
  /** The values, row after row. */
  readonly values: unknown;
  /** A column by its name, whose `values` are one a row. */
  column(name: string): unknown;
}

/** Columns by name, of one length: plain arrays or typed arrays. */
export type ColumnFrame = Readonly<Record<string, ArrayLike<unknown>>>;

/** A table: a danfo DataFrame, columns by name, or an Arrow table. */
export type Frame = RowFrame | ColumnFrame | ArrowTable;

/** The names of a frame's columns as far as its type knows them: those of plain columns, else any text. */
export type ColumnName<F> = F extends RowFrame | ArrowTable
  ? string
  : [keyof F] extends [never]
    ? string
    : Extract<keyof F, string>;

/** The columns of a frame by name, as raw values. @throws `length-mismatch` where their lengths differ */
export function columnsOf(frame: Frame): Map<string, ArrayLike<unknown>> {
  if (isRowFrame(frame)) {
    return new Map(frame.columns.map((name, j) => [String(name), columnOfRows(frame, j)]));
  }
  if (isArrowTable(frame)) return new Map(arrowNames(frame).map((name) => [name, arrowColumn(frame, name)]));
  const columns = new Map(Object.entries(frame));
  rowsOf(frame);
  return columns;
}

/** The names of a frame's columns. */
export function columnNames(frame: Frame): string[] {
  checkFrame(frame);
  if (isArrowTable(frame)) return arrowNames(frame);
  return isRowFrame(frame) ? frame.columns.map(String) : Object.keys(frame);
}

/** The number of rows of a frame. @throws `length-mismatch` where columns are of different length */
export function rowsOf(frame: Frame): number {
  if (isRowFrame(frame)) return (frame.values as ArrayLike<unknown>).length;
  if (isArrowTable(frame)) return frame.numRows;
  const known = cellRows(frame);
  if (known !== undefined) return known;
  const entries = Object.entries(frame);
  const rows = entries.length === 0 ? 0 : listed(entries[0][1], entries[0][0]).length;
  for (const [name, column] of entries) checkLength(listed(column, name).length, rows, `column "${name}"`);
  return rows;
}

/** The raw values of one column. @throws `missing-column` where the frame has none of that name */
export function columnOf(frame: Frame, name: string): ArrayLike<unknown> {
  if (isArrowTable(frame)) {
    checkColumn(name, arrowNames(frame));
    return arrowColumn(frame, name);
  }
  if (isRowFrame(frame)) {
    const j = placeOf(frame.columns, name);
    if (j < 0) checkColumn(name, columnNames(frame));
    return columnOfRows(frame, j);
  }
  if (!Object.hasOwn(frame, name)) checkColumn(name, columnNames(frame));
  return frame[name];
}

/**
 * A column as numbers; `NaN` where a value is missing (null, undefined, NaN or blank text). Booleans are 0 and 1, text
 * counts where the whole of it is a number.
 * @throws `missing-column`; `invalid-data` for anything else, `not-finite` for infinity, naming row and column
 */
export function numberColumn(frame: Frame, name: string): Float64Array {
  const read = cellNumbers(frame, name);
  if (read !== undefined) return read;
  const column = columnOf(frame, name);
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = column[i];
    numbers[i] = typeof value === "number" && value - value === 0 ? value : numberOf(value, i, name);
  }
  return numbers;
}

/** A column as text, empty where a value is missing. @throws `missing-column`; `invalid-data` for an object */
export function textColumn(frame: Frame, name: string): string[] {
  const column = columnOf(frame, name);
  const texts = new Array<string>(column.length);
  for (let i = 0; i < texts.length; i++) {
    const value = column[i];
    if (typeof value === "object" && value !== null && !(value instanceof Date))
      refuseObject("text", name, i);
    texts[i] = typeof value === "string" ? value : isMissing(value) ? "" : String(value);
  }
  return texts;
}

/** A column of classes. @throws `missing-column`; `invalid-label` where one is missing or no string, number, boolean or date */
export function labelColumn(frame: Frame, name: string): Label[] {
  const column = columnOf(frame, name);
  return Array.from({ length: column.length }, (_, i) => {
    const value = column[i];
    const label = isMissing(value) ? undefined : labelOf(value);
    if (label !== undefined) return label;
    return fail("invalid-label", {
      thing: `label at row ${i}, column "${name}"`,
      value: String(value),
      expected: "a string, a number or a boolean",
      remedy: "Drop or fill the rows without a label.",
    });
  });
}

const forms = "a DataFrame, columns by name or an Arrow table";

function checkFrame(frame: unknown): void {
  checkShape(frame, "table", forms, {});
  if (isPlain(frame as object) || hasColumns(frame as object) || isArrowTable(frame as Frame)) return;
  fail("invalid-data", {
    thing: "table",
    value: frame,
    expected: forms,
    ...(Array.isArray(frame)
      ? { remedy: "toFrame or toColumns(rows) makes one of records, or of rows of values." }
      : {}),
  });
}

function hasColumns(frame: object): boolean {
  const { columns, column } = frame as Partial<RowFrame>;
  return Array.isArray(columns) && typeof column === "function";
}

/** @throws `invalid-data` unless `column` is a list */
function listed(column: unknown, name: string): ArrayLike<unknown> {
  const length = (column as { readonly length?: unknown } | null | undefined)?.length;
  if (typeof column === "object" && typeof length === "number") return column as ArrayLike<unknown>;
  return fail("invalid-data", {
    thing: `column "${name}" of a table`,
    value: column ?? "nothing",
    expected: "a list of values, one a row",
  });
}

/** True for a danfo DataFrame. */
export function isRowFrame(frame: Frame): frame is RowFrame {
  checkFrame(frame);
  return hasColumns(frame);
}

/** The places of names that were looked for, so that 10^5 columns are not each looked for among all. */
const places = new WeakMap<readonly unknown[], ReadonlyMap<string, number>>();

function placeOf(names: readonly unknown[], name: string): number {
  const known = places.get(names)?.get(name);
  // Names of a DataFrame may have been changed where they lie.
  if (known !== undefined && String(names[known]) === name) return known;
  const found = new Map<string, number>();
  for (let j = names.length - 1; j >= 0; j--) found.set(String(names[j]), j);
  places.set(names, found);
  return found.get(name) ?? -1;
}

function columnOfRows(frame: RowFrame, j: number): unknown[] {
  const rows = frame.values as readonly (readonly unknown[])[];
  const column = new Array<unknown>(rows.length);
  for (let i = 0; i < column.length; i++) column[i] = rows[i][j];
  return column;
}
