import type { CellBatch } from "./cell-batch";

const decimal = /^[+-]?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d+)?$/;

/**
 * The values of a column of text cells: numbers where each that is not missing is a decimal number without leading
 * zeros that a float holds (integers up to 2^53), booleans where each is `true` or `false`, else the text itself.
 */
export function typedCells(cells: readonly (string | null)[]): readonly unknown[] {
  const every = (holds: (cell: string) => boolean): boolean =>
    cells.every((cell) => cell === null || holds(cell));
  if (every(isNumber)) return cells.map((cell) => (cell === null ? null : Number(cell)));
  if (every((cell) => cell === "true" || cell === "false")) {
    return cells.map((cell) => (cell === null ? null : cell === "true"));
  }
  return cells;
}

/** The values of a column of a CSV file, as {@link typedCells} has them, numbers read from the bytes. */
export function typedColumnOf(batches: readonly CellBatch[], column: number): readonly unknown[] {
  return numbersOf(batches, column) ?? typedCells(textsOf(batches, column));
}

/** The cells of a column as text, `null` where one is missing. */
export function textsOf(batches: readonly CellBatch[], column: number): readonly (string | null)[] {
  const texts: (string | null)[] = [];
  for (const batch of batches) for (const text of batch.texts(column)) texts.push(text);
  return texts;
}

/** A column as numbers, or `null` where one cell is none. */
function numbersOf(batches: readonly CellBatch[], column: number): (number | null)[] | null {
  const numbers: (number | null)[] = [];
  for (const batch of batches) {
    for (let i = 0; i < batch.rows; i++) {
      const number = batch.decimal(i, column);
      if (!Number.isNaN(number)) {
        numbers.push(number);
        continue;
      }
      const text = batch.text(i, column);
      if (text !== null && !isNumber(text)) return null;
      numbers.push(text === null ? null : Number(text));
    }
  }
  return numbers;
}

function isNumber(cell: string): boolean {
  if (!decimal.test(cell) || !/\d/.test(cell)) return false;
  return /^[+-]?\d+$/.test(cell) ? Number.isSafeInteger(Number(cell)) : Number.isFinite(Number(cell));
}

/** A decimal number as JavaScript writes it, so that "1.0" is "1", or `undefined` where the text is no number. */
export function plainNumber(cell: string): string | undefined {
  return isNumber(cell) ? String(Number(cell)) : undefined;
}
