import { chosenColumns } from "../simd/chosen-columns";
import type { Arena } from "../simd/memory";

/** Some parameters as the kernels of a Hessian take them. */
interface GramPlaces {
  /** The columns that they are of. */
  readonly columns: number;
  /** Which of the table's these are, see `chosenColumns`. */
  readonly chosen: Uint32Array;
  /** The number of the first parameter of each, then of the intercepts, then of none. */
  readonly first: Uint32Array;
  /** The output of each parameter. */
  readonly classes: Uint32Array;
}

/**
 * Puts parameters where kernels reach them.
 * @param parameters numbers in the full table, ascending, those of the intercepts last
 */
export function gramPlaces(
  parameters: Uint32Array,
  columns: number,
  outputs: number,
  arena: Arena,
): GramPlaces {
  const chosen: number[] = [];
  const counts: number[] = [];
  const classes = arena.integers(parameters.length);
  let intercepts = 0;
  let last = -1;
  parameters.forEach((j, a) => {
    const column = Math.floor(j / outputs);
    classes[a] = j % outputs;
    if (column === columns) intercepts++;
    else if (column === last) counts[counts.length - 1]++;
    else {
      chosen.push(column);
      counts.push(1);
      last = column;
    }
  });
  const first = arena.integers(counts.length + 2);
  [...counts, intercepts].forEach((count, c) => {
    first[c + 1] = first[c] + count;
  });
  return { columns: counts.length, chosen: chosenColumns(arena, columns, chosen), first, classes };
}

/** Adds what kernels have put above the diagonal of a square to what is below it. */
export function foldUp(H: Float64Array, size: number): void {
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      H[a * size + b] += H[b * size + a];
      H[b * size + a] = 0;
    }
  }
}
