import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { CsvParser, type CsvRow } from "./csv";
import { checkNames } from "./names";
import { type EncodingOptions, textPieces } from "./text-file";

/** How to read a CSV file. */
export interface CsvOptions extends EncodingOptions {
  /** One character. Default `,`, and a tab where the file ends in `.tsv`. */
  readonly delimiter?: string;
  /** Whether the first row holds the names. Without, columns are named `0`, `1`, ... Default true. */
  readonly header?: boolean;
  /** Cells that mean a missing value. Default: the empty cell, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL`. */
  readonly missing?: readonly string[];
  /** Columns whose cells stay text, whatever they look like. Default none. */
  readonly text?: readonly string[];
}

/** Some rows of a text file: the cells of each column, `null` where one is missing. */
export interface CellBatch {
  readonly names: readonly string[];
  readonly columns: readonly (readonly (string | null)[])[];
}

const missingCells = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/**
 * The cells of a CSV file, `size` rows at a time or somewhat more.
 * @throws `unknown-option`, `invalid-option`; `invalid-file` as {@link textPieces}, and where a row has another number of
 * cells than the first, a quote is not closed or a name comes twice
 */
export async function* csvBatches(
  path: string,
  options: CsvOptions,
  size: number,
): AsyncGenerator<CellBatch, void, undefined> {
  checkKeys(options, ["delimiter", "header", "missing", "text", "encoding"], "readCsv");
  const delimiter = options.delimiter ?? (/\.tsv(\.gz)?$/i.test(path) ? "\t" : ",");
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    fail("invalid-option", { thing: "delimiter", value: delimiter, expected: "one character but a quote" });
  }
  const missing = new Set(options.missing ?? missingCells);
  const parser = new CsvParser(delimiter, path);
  let names: readonly string[] | undefined;
  let rows: CsvRow[] = [];
  const taken = (found: CsvRow[]): void => {
    if (names === undefined && found.length > 0) {
      names = options.header === false ? found[0].cells.map((_, j) => String(j)) : found.shift()!.cells;
      checkNames(path, names);
    }
    for (const row of found) rows.push(row);
  };
  const batch = (): CellBatch => {
    const columns = names!.map((_, j) => rows.map(({ cells }) => (missing.has(cells[j]) ? null : cells[j])));
    rows = [];
    return { names: names!, columns };
  };
  for await (const piece of textPieces(path, options)) {
    taken(parser.push(piece));
    if (rows.length >= size) yield batch();
  }
  taken(parser.end());
  if (rows.length > 0) yield batch();
}
