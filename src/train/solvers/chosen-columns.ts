import { chosenColumns } from "../../simd/chosen-columns";
import type { Design, MatrixArguments } from "../design";
import type { ColumnCounts } from "./column-counts";

/** The chosen columns as compressed rows, by a pass over all rows. */
export function selected(
  full: Design,
  chosen: readonly number[],
  counts: ColumnCounts,
): { readonly matrix: MatrixArguments; readonly nonzeros: number } {
  const { arena, columns, rows, team } = full;
  const { blocks } = counts;
  const starts = counts.starts(chosen);
  const nonzeros = starts[blocks.length];
  const [pointers, indices, values] = places(full, rows, nonzeros);
  const found = { matrix: [pointers, indices, values, rows, chosen.length], nonzeros } as const;
  if (chosen.length === 0) return found;
  const mark = arena.mark();
  const words = chosenColumns(arena, columns, chosen).byteOffset;
  team.run("selectColumns", blocks.length, (index) => {
    const block = blocks[index];
    const to = [pointers + 4 * block.from, indices, values];
    return [...full.rowsOf(block), words, starts[index], ...to];
  });
  arena.rewind(mark);
  return found;
}

/** The same from compressed columns, in time of the chosen alone. */
export function gathered(full: Design, chosen: readonly number[], nonzeros: number): MatrixArguments {
  const { arena, kernels, columns, rows } = full;
  const [pointers, indices, values] = full.byColumns();
  const to = places(full, rows + 1, nonzeros);
  const mark = arena.mark();
  const from = places(full, chosen.length, nonzeros);
  const { buffer } = arena.memory;
  const starts = new Uint32Array(buffer, pointers, columns + 1);
  const ends = new Uint32Array(buffer, from[0], chosen.length + 1);
  let at = 0;
  chosen.forEach((column, n) => {
    const length = starts[column + 1] - starts[column];
    const copy = (source: number, target: number) => {
      const taken = new Uint32Array(buffer, source + 4 * starts[column], length);
      new Uint32Array(buffer, target + 4 * at, length).set(taken);
    };
    copy(indices, from[1]);
    if (values !== 0) copy(values, from[2]);
    at += length;
    ends[n + 1] = at;
  });
  kernels.transpose(...from, chosen.length, rows, ...to);
  arena.rewind(mark);
  return [...to, rows, chosen.length];
}

/** Room for a compressed matrix. */
function places({ arena, matrix }: Design, rows: number, nonzeros: number): [number, number, number] {
  return [
    arena.integers(rows + 1).byteOffset,
    arena.room(Uint32Array, nonzeros).byteOffset,
    matrix[2] === 0 ? 0 : arena.room(Float32Array, nonzeros).byteOffset,
  ];
}

/** The chosen columns of dense rows, dense; the rows as they are where that is all of them. */
export function taken(full: Design, chosen: readonly number[]): MatrixArguments {
  const { arena, kernels, columns, rows, matrix } = full;
  if (chosen.length === columns) return matrix;
  const out = arena.singles(rows * chosen.length).byteOffset;
  const mark = arena.mark();
  const list = arena.integers(chosen.length);
  list.set(chosen);
  kernels.takeColumns(matrix[2], rows, columns, list.byteOffset, chosen.length, out);
  arena.rewind(mark);
  return [0, 0, out, rows, chosen.length];
}
