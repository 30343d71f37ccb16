import type { Matrix } from "../../matrix/sparse";

/** The columns and values of a row, those of a sparse one that are stored. */
export function* rowEntries(
  matrix: Matrix,
  row: number,
): Generator<readonly [number, number], void, undefined> {
  if (matrix.kind === "csr") {
    for (let at = matrix.pointers[row]; at < matrix.pointers[row + 1]; at++) {
      yield [matrix.indices[at], matrix.values === null ? 1 : matrix.values[at]];
    }
    return;
  }
  for (let j = 0; j < matrix.columns; j++) yield [j, matrix.values[row * matrix.columns + j]];
}
