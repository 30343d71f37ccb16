import { checkBoolean, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { type Watch, watchKeys } from "../base/progress";
import { checkText } from "../base/shape";
import { Dataset } from "../matrix/dataset";
import type { SparseMatrix } from "../matrix/sparse";
import { checkTable } from "./names";
import { RowBuilder } from "./row-builder";
import { numberedLines } from "./text-file";

/** How to read a file of svmlight or LIBSVM. */
export interface SvmlightOptions extends Watch {
  /** The number of columns. Default: what the largest index asks for; name it where train and test are two files. */
  readonly columns?: number;
  /** Whether the first column has the index 0. Default false: it has 1, as the format says. */
  readonly zeroBased?: boolean;
}

/**
 * Reads a local file of svmlight or LIBSVM into a sparse Dataset: a line a row, `label index:value ...`, indices
 * ascending; what follows `#` and `qid:...` are left out. Labels are numbers. Values are kept as 32-bit floats, none
 * where all are 1.
 * @throws `invalid-file` where the file can't be read or a line is of another form, naming it; `empty-data` for no rows;
 * `unknown-option`, `invalid-option`
 */
export async function readSvmlight(path: string, options: SvmlightOptions = {}): Promise<Dataset> {
  checkText(path, "path", "the path of a file");
  const parts = parse(options);
  const rows = new Rows();
  for await (const { line, text } of numberedLines(path, options)) rows.add(text, line, path, parts);
  checkTable(path, rows.labels.length, 1);
  return Dataset.from({ features: rows.builder.build(parts.columns ?? rows.width), labels: rows.labels });
}

/**
 * Goes through a local file of svmlight or LIBSVM, 8,192 rows at a time.
 * @throws as {@link readSvmlight}; `missing-option` without `columns`, since each batch must have the same
 */
export async function* scanSvmlight(
  path: string,
  options: SvmlightOptions,
): AsyncGenerator<{ readonly features: SparseMatrix; readonly labels: readonly number[] }, void, undefined> {
  const parts = parse(options);
  const { columns } = parts;
  if (columns === undefined)
    return fail("missing-option", { thing: "columns", expected: "the number of columns" });
  let rows = new Rows();
  let empty = true;
  for await (const { line, text } of numberedLines(path, options)) {
    rows.add(text, line, path, parts);
    if (rows.labels.length < 8192) continue;
    yield { features: rows.builder.build(columns), labels: rows.labels };
    rows = new Rows();
    empty = false;
  }
  if (rows.labels.length > 0) yield { features: rows.builder.build(columns), labels: rows.labels };
  else if (empty) checkTable(path, 0, 1);
}

interface Parts {
  readonly columns: number | undefined;
  /** The index of the first column. */
  readonly first: number;
}

const mostColumns = 2 ** 32 - 1;

function parse(options: SvmlightOptions): Parts {
  checkKeys(options, ["columns", "zeroBased", ...watchKeys], "readSvmlight");
  const { columns, zeroBased } = options;
  if (columns !== undefined) checkNumber(columns, "columns", { integer: true, min: 1, max: mostColumns });
  return { columns, first: checkBoolean(zeroBased ?? false, "zeroBased") ? 0 : 1 };
}

/** The rows read so far. */
class Rows {
  readonly builder: RowBuilder = new RowBuilder();
  readonly labels: number[] = [];
  width = 0;

  add(text: string, line: number, path: string, { columns = mostColumns, first }: Parts): void {
    const fields = text.split("#", 1)[0].trim().split(/\s+/);
    if (fields[0] === "") return;
    const wrong = (value: string, expected: string, remedy = "Repair the line or leave it out."): never =>
      fail("invalid-file", { thing: `field in line ${line} of ${path}`, value, expected, remedy });
    const label = Number(fields[0]);
    if (!Number.isFinite(label)) wrong(fields[0], "a number as label");
    let last = -1;
    for (let k = 1; k < fields.length; k++) {
      const field = fields[k];
      if (field.startsWith("qid:")) continue;
      const colon = field.indexOf(":");
      const index = colon > 0 ? Number(field.slice(0, colon)) : Number.NaN;
      const value = colon < field.length - 1 ? Number(field.slice(colon + 1)) : Number.NaN;
      if (index === 0 && first === 1) {
        wrong(field, "an index from 1", "If all files count from 0, say so: zeroBased: true.");
      }
      if (!(Number.isInteger(index) && index >= first && Number.isFinite(Math.fround(value)))) {
        wrong(field, `index:value, the index from ${first}, the value a finite number`);
      }
      const column = index - first;
      if (column <= last) wrong(field, "indices in ascending order");
      if (column >= columns) wrong(field, `an index up to ${columns - 1 + first}`);
      last = column;
      if (value !== 0) this.builder.add(column, value);
    }
    if (last >= this.width) this.width = last + 1;
    this.builder.endRow();
    this.labels.push(label);
  }
}
