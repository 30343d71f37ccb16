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

function isNumber(cell: string): boolean {
  if (!decimal.test(cell) || !/\d/.test(cell)) return false;
  return /^[+-]?\d+$/.test(cell) ? Number.isSafeInteger(Number(cell)) : Number.isFinite(Number(cell));
}

/** A decimal number as JavaScript writes it, so that "1.0" is "1", or `undefined` where the text is no number. */
export function plainNumber(cell: string): string | undefined {
  return isNumber(cell) ? String(Number(cell)) : undefined;
}
