import type { DenseMatrix } from "../matrix/dense";
import type { Arena } from "../simd/memory";

/** A row that is stored sparse is read with an index a value, and without whole vectors of values. */
const sparse = 0.25;
/** Below so many columns rows are too short for it to matter. */
const leastColumns = 256;

/** A matrix in compressed rows in an arena: row pointers, column indices, values, and how many there are. */
export interface SparseCopy {
  readonly pointers: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/**
 * Copies a dense matrix as compressed rows of its values other than zero; `null`, with nothing copied, where too few are
 * zero for that to make passes faster.
 */
export function copySparse(arena: Arena, { rows, columns, values }: DenseMatrix): SparseCopy | null {
  if (columns < leastColumns) return null;
  const most = sparse * values.length;
  let count = 0;
  for (let k = 0; k < values.length && count <= most; k++) if (values[k] !== 0) count++;
  if (count > most) return null;
  const pointers = arena.integers(rows + 1);
  const indices = arena.integers(count);
  const kept = arena.singles(count);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const x = values[i * columns + j];
      if (x === 0) continue;
      indices[at] = j;
      kept[at++] = x;
    }
    pointers[i + 1] = at;
  }
  return { pointers, indices, values: kept };
}
