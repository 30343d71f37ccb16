import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { type Watch, watchKeys } from "../base/progress";
import { CellBatch } from "./cell-batch";
import { CsvScanner, type ScannedCells } from "./csv-scanner";
import { MissingCells } from "./missing-cells";
import { checkNames } from "./names";
import { checkSchema, type Schema } from "./schema";
import { type EncodingOptions, utf8Pieces } from "./text-file";

/** How to read a CSV file. */
export interface CsvOptions extends EncodingOptions, Watch {
  /** One character. Default `,`, and a tab where the file ends in `.tsv`. */
  readonly delimiter?: string;
  /** Whether the first row holds the names. Without, columns are named `0`, `1`, ... Default true. */
  readonly header?: boolean;
  /** Cells that mean a missing value. Default: the empty cell, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL`. */
  readonly missing?: readonly string[];
  /** The types of columns by name; those of the others are known by their cells. Default: none. */
  readonly schema?: Schema;
}

/**
 * The rows of a CSV file, about as many at a time as 1 MB of it holds.
 * @throws `unknown-option`, `invalid-option`; `invalid-file` as {@link utf8Pieces}, and where a row has another number of
 * cells than the first, a quote is not closed, a name comes twice, or the only name has what may be another delimiter; `missing-column` for a name of the schema that is not there
 */
export async function* csvBatches(
  path: string,
  options: CsvOptions,
): AsyncGenerator<CellBatch, void, undefined> {
  checkKeys(options, ["delimiter", "header", "missing", "schema", "encoding", ...watchKeys], "readCsv");
  const delimiter = options.delimiter ?? (/\.tsv(\.gz)?$/i.test(path) ? "\t" : ",");
  if (typeof delimiter !== "string" || !/^[^"\r\n\0\ud800-\udfff]$/.test(delimiter)) {
    fail("invalid-option", { thing: "delimiter", value: delimiter, expected: "one character but a quote" });
  }
  const missing = new MissingCells(options.missing);
  const { schema = {}, header = true } = options;
  checkSchema(schema);
  const scanner = new CsvScanner(delimiter, path);
  let names: readonly string[] | undefined;
  const batchOf = (cells: ScannedCells | null): CellBatch | null => {
    if (cells === null) return null;
    const rows = cells.lines.length;
    let first = 0;
    if (names === undefined) {
      const head = new CellBatch([], rows, path, missing, cells);
      names = Array.from({ length: cells.width }, (_, j) => (header ? head.raw(0, j) : String(j)));
      checkNames(path, names);
      if (header && options.delimiter === undefined) checkDelimiter(path, names);
      checkSchema(schema, names);
      first = header ? 1 : 0;
    }
    return rows === first ? null : new CellBatch(names, rows - first, path, missing, cells, first);
  };
  const columnOf = (head: string, before: string): string | undefined => {
    const column = before.split(delimiter).length - 1;
    return header ? head.trim().split(delimiter)[column] : String(column);
  };
  for await (const piece of utf8Pieces(path, options, columnOf)) {
    const batch = batchOf(scanner.push(piece));
    if (batch !== null) yield batch;
  }
  const batch = batchOf(scanner.end());
  if (batch !== null) yield batch;
}

/** Refuses one name with what parts the names of other files, where nothing was said of it: all of a row would be one cell. */
function checkDelimiter(path: string, names: readonly string[]): void {
  const [other] = names.length === 1 ? (/[;\t|]/.exec(names[0]) ?? []) : [];
  if (other === undefined) return;
  fail("invalid-file", {
    thing: `column name in line 1 of ${path}`,
    value: names[0],
    expected: "names with commas between them",
    remedy: `Say what is between them, delimiter: ${JSON.stringify(other)}, or that it is one column, delimiter: ",".`,
  });
}
