import type { Design, MatrixArguments } from "../design";

const absent = 0xffffffff;

/** The chosen columns as compressed rows, by a pass over all rows. */
export function selected(full: Design, chosen: readonly number[], nonzeros: number): MatrixArguments {
  const { arena, kernels, columns, rows, matrix } = full;
  const to = places(full, rows, nonzeros);
  if (chosen.length === 0) return [...to, rows, 0];
  const mark = arena.mark();
  const numbers = arena.integers(columns).fill(absent);
  chosen.forEach((column, place) => {
    numbers[column] = place;
  });
  kernels.selectColumns(...matrix, numbers.byteOffset, ...to);
  arena.rewind(mark);
  return [...to, rows, chosen.length];
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

/** Room for a compressed matrix, with one value more than it has. */
function places({ arena, matrix }: Design, rows: number, nonzeros: number): [number, number, number] {
  return [
    arena.integers(rows + 1).byteOffset,
    arena.integers(nonzeros + 1).byteOffset,
    matrix[2] === 0 ? 0 : arena.singles(nonzeros + 1).byteOffset,
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
