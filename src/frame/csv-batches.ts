import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { type Watch, watchKeys } from "../base/progress";
import { CsvParser, type CsvRow } from "./csv";
import { checkNames } from "./names";
import { checkSchema, type Schema, typedColumn } from "./schema";
import { type EncodingOptions, textPieces } from "./text-file";

/** How to read a CSV file. */
export interface CsvOptions extends EncodingOptions, Watch {
  /** One character. Default `,`, and a tab where the file ends in `.tsv`. */
  readonly delimiter?: string;
  /** Whether the first row holds the names. Without, columns are named `0`, `1`, ... Default true. */
  readonly header?: boolean;
  /** Cells that mean a missing value. Default: the empty cell, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL`. */
  readonly missing?: readonly string[];
  /** Columns whose cells stay text, whatever they look like. Default none. */
  readonly text?: readonly string[];
  /** The types of columns by name; those of the others are known by their cells. Default: none. */
  readonly schema?: Schema;
}

/** Some rows of a text file: the cells of each column, `null` where one is missing, or the values that the schema says. */
export interface CellBatch {
  readonly names: readonly string[];
  readonly columns: readonly (readonly unknown[])[];
}

const missingCells = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/**
 * The cells of a CSV file, `size` rows at a time or somewhat more.
 * @throws `unknown-option`, `invalid-option`; `invalid-file` as {@link textPieces}, and where a row has another number of
 * cells than the first, a quote is not closed or a name comes twice; `invalid-data` for a cell that is not of the schema's type, naming
 * line and column; `missing-column` for a name of the schema that is not there
 */
export async function* csvBatches(
  path: string,
  options: CsvOptions,
  size: number,
): AsyncGenerator<CellBatch, void, undefined> {
  checkKeys(
    options,
    ["delimiter", "header", "missing", "text", "schema", "encoding", ...watchKeys],
    "readCsv",
  );
  const delimiter = options.delimiter ?? (/\.tsv(\.gz)?$/i.test(path) ? "\t" : ",");
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    fail("invalid-option", { thing: "delimiter", value: delimiter, expected: "one character but a quote" });
  }
  const missing = new Set(options.missing ?? missingCells);
  const { schema = {} } = options;
  checkSchema(schema);
  const parser = new CsvParser(delimiter, path);
  let names: readonly string[] | undefined;
  let rows: CsvRow[] = [];
  const taken = (found: CsvRow[]): void => {
    if (names === undefined && found.length > 0) {
      names = options.header === false ? found[0].cells.map((_, j) => String(j)) : found.shift()!.cells;
      checkNames(path, names);
      checkSchema(schema, names);
    }
    for (const row of found) rows.push(row);
  };
  const batch = (): CellBatch => {
    const taken = rows;
    rows = [];
    const columns = names!.map((name, j) => {
      const cells = taken.map((row) => (missing.has(row.cells[j]) ? null : row.cells[j]));
      if (!Object.hasOwn(schema, name)) return cells;
      return typedColumn(cells, schema[name], name, (row) => `line ${taken[row].line} of ${path}`);
    });
    return { names: names!, columns };
  };
  for await (const piece of textPieces(path, options)) {
    taken(parser.push(piece));
    if (rows.length >= size) yield batch();
  }
  taken(parser.end());
  if (rows.length > 0) yield batch();
}
