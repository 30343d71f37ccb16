import type { ScannedCells } from "./csv-scanner";
import { decimalOf } from "./decimal";
import type { MissingCells } from "./missing-cells";
import { type ColumnKind, typedColumn } from "./schema";
import { numberOf } from "./value";

/** Some rows of a CSV file: places in its bytes, of which a column is read when it is asked for, as numbers or as text. */
export class CellBatch {
  /** The bytes as characters of one byte each, of which cells of ASCII are parts. */
  #latin: string | undefined;

  constructor(
    readonly names: readonly string[],
    readonly rows: number,
    readonly path: string,
    readonly missing: MissingCells,
    readonly cells: ScannedCells,
    /** The first row of the scanned cells that is of the batch. */
    readonly first: number = 0,
  ) {}

  /** The rows in `[from, to)`. */
  part(from: number, to: number): CellBatch {
    return new CellBatch(this.names, to - from, this.path, this.missing, this.cells, this.first + from);
  }

  /** Where a row lies, for messages. */
  place(row: number): string {
    return `line ${this.cells.lines[this.first + row]} of ${this.path}`;
  }

  /** The cells of a column as text, `null` where one is missing. */
  texts(column: number): (string | null)[] {
    const { rows } = this;
    const texts = new Array<string | null>(rows);
    for (let i = 0; i < rows; i++) texts[i] = this.text(i, column);
    return texts;
  }

  /** A column as its schema says. @throws `invalid-data` for the first cell that is none of that type, `not-finite`, naming line and column */
  typed(column: number, kind: ColumnKind): unknown[] {
    return typedColumn(this.texts(column), kind, this.names[column], (row) => this.place(row));
  }

  /** A cell as text, `null` where it is missing. */
  text(row: number, column: number): string | null {
    const text = this.raw(row, column);
    return this.missing.has(text) ? null : text;
  }

  /** A cell as it stands in the file. */
  raw(row: number, column: number): string {
    const { width, starts, ends } = this.cells;
    const k = (this.first + row) * width + column;
    return ends[k] < 0
      ? this.#slice(starts[k], ~ends[k]).replaceAll('""', '"')
      : this.#slice(starts[k], ends[k]);
  }

  /** A cell as a number where its bytes are read fast, else `NaN`; see `decimalOf`. */
  decimal(row: number, column: number): number {
    const { bytes, width, starts, ends } = this.cells;
    const k = (this.first + row) * width + column;
    return this.missing.numeric ? Number.NaN : decimalOf(bytes, starts[k], ends[k], true);
  }

  /**
   * A column as numbers, `NaN` where a value is missing, as `numberColumn` reads text.
   * @throws `invalid-data` for text that is no number, `not-finite` for infinity, naming row and column
   */
  numbers(column: number): Float64Array {
    const { rows, missing } = this;
    const { bytes, width, starts, ends } = this.cells;
    const numbers = new Float64Array(rows);
    for (let i = 0, k = this.first * width + column; i < rows; i++, k += width) {
      const number = missing.numeric ? Number.NaN : decimalOf(bytes, starts[k], ends[k], false);
      numbers[i] = Number.isNaN(number) ? numberOf(this.text(i, column), i, this.names[column]) : number;
    }
    return numbers;
  }

  #slice(start: number, end: number): string {
    const { bytes } = this.cells;
    for (let at = start; at < end; at++) if (bytes[at] >= 0x80) return bytes.toString("utf8", start, end);
    this.#latin ??= bytes.toString("latin1");
    return this.#latin.slice(start, end);
  }
}
