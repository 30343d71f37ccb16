import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { Dataset } from "../matrix/dataset";
import { RowBuilder } from "./row-builder";
import { numberedLines } from "./text-file";

/** How to read a file of svmlight or LIBSVM. */
export interface SvmlightOptions {
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
  checkKeys(options, ["columns", "zeroBased"], "readSvmlight");
  const { columns, zeroBased = false } = options;
  if (columns !== undefined) checkNumber(columns, "columns", { integer: true, min: 1, max: 2 ** 32 - 1 });
  const first = zeroBased ? 0 : 1;
  const builder = new RowBuilder();
  const labels: number[] = [];
  let width = 0;
  for await (const { line, text } of numberedLines(path)) {
    const fields = text.split("#", 1)[0].trim().split(/\s+/);
    if (fields[0] === "") continue;
    const wrong = (value: string, expected: string): never =>
      fail("invalid-file", { thing: `field in line ${line} of ${path}`, value, expected });
    const label = Number(fields[0]);
    if (!Number.isFinite(label)) wrong(fields[0], "a number as label");
    let last = -1;
    for (let k = 1; k < fields.length; k++) {
      const field = fields[k];
      const colon = field.indexOf(":");
      if (field.startsWith("qid:")) continue;
      const index = colon > 0 ? Number(field.slice(0, colon)) : Number.NaN;
      const value = colon < field.length - 1 ? Number(field.slice(colon + 1)) : Number.NaN;
      if (!(Number.isInteger(index) && index >= first && Number.isFinite(Math.fround(value)))) {
        wrong(field, `index:value, the index from ${first}, the value a finite number`);
      }
      const column = index - first;
      if (column <= last) wrong(field, "indices in ascending order");
      if (column >= (columns ?? 2 ** 32 - 1))
        wrong(field, `an index up to ${(columns ?? 2 ** 32 - 1) - 1 + first}`);
      last = column;
      if (value !== 0) builder.add(column, value);
    }
    if (last >= width) width = last + 1;
    builder.endRow();
    labels.push(label);
  }
  if (labels.length === 0) {
    fail("empty-data", { thing: "rows in the file", value: path, expected: "at least one row" });
  }
  return Dataset.from({ features: builder.build(columns ?? width), labels });
}
