import { Random } from "../base/random";
import type { DenseMatrix } from "../matrix/dense";
import type { Matrix, SparseMatrix } from "../matrix/sparse";
import type { Arena } from "../simd/memory";

/** Where the values of rows lie: row pointers and column indices, 0 where rows are dense, and values, 0 where all are one. */
interface Storage {
  readonly place: readonly [number, number, number];
  /** The number of stored values. */
  readonly nonzeros: number;
  /** How rows are stored and why, as a clause, where it is another way than they were given; else `null`. */
  readonly reason: string | null;
  /** The given number of each row, where they lie in another order than they were given; else `null`. */
  readonly order: Uint32Array | null;
}

/** A dense row that is stored sparse is read with an index a value, and without whole vectors of values. */
const sparse = 0.25;
/** Below so many columns rows are too short for it to matter. */
export const leastColumns = 256;
/** The share of values other than zero above which passes over dense rows take less time than over sparse ones. */
const dense = 0.6;
/** That of few columns, for which there are solvers of dense rows, too. */
const denseFew = 0.4;
const few = 64;
/** The mean number of stored values from which on sparse rows are long, and the columns from which on they are wide. */
const long = 128;
const wide = 2 ** 15;

/**
 * Whether sparse rows are fitted as dense ones: a file of svmlight of a table without zeros is one. They take at most a quarter more
 * memory so, and above a half less. Rows of ones stay, since of them a column index is all that is read.
 */
export function becomesDense(features: Matrix): boolean {
  if (features.kind === "dense" || features.values === null) return false;
  const { rows, columns, nonzeros } = features;
  return nonzeros > (columns <= few ? denseFew : dense) * rows * columns;
}

/**
 * Copies rows into an arena, dense or compressed, whichever makes passes over them faster; long ones of wide sparse matrices in an
 * order by chance, so that a solver that wants such an order may read the memory in its own.
 * @param mayChange whether sparse rows need not stay so, nor in their order; dense ones never need
 */
export function store(arena: Arena, features: Matrix, mayChange: boolean): Storage {
  if (features.kind === "dense") return copySparse(arena, features) ?? asGiven(arena, features);
  if (!mayChange) return asGiven(arena, features);
  if (becomesDense(features)) return copyDense(arena, features);
  const { rows, columns, nonzeros } = features;
  return columns > wide && nonzeros >= long * rows ? copyMixed(arena, features) : asGiven(arena, features);
}

function asGiven(arena: Arena, features: Matrix): Storage {
  const values = features.values === null ? 0 : arena.copy(features.values).byteOffset;
  const { nonzeros } = features;
  if (features.kind === "dense") return { place: [0, 0, values], nonzeros, reason: null, order: null };
  const pointers = arena.copy(features.pointers).byteOffset;
  const indices = arena.copy(features.indices).byteOffset;
  return { place: [pointers, indices, values], nonzeros, reason: null, order: null };
}

function copyMixed(arena: Arena, { rows, pointers, indices, values, nonzeros }: SparseMatrix): Storage {
  const order = new Random(0).shuffle(Uint32Array.from({ length: rows }, (_, i) => i));
  const starts = arena.roomLike(pointers);
  const places = arena.roomLike(indices);
  const numbers = values === null ? null : arena.roomLike(values);
  starts[0] = 0;
  for (let i = 0, at = 0; i < rows; i++) {
    const [from, to] = [pointers[order[i]], pointers[order[i] + 1]];
    places.set(indices.subarray(from, to), at);
    if (values !== null) numbers!.set(values.subarray(from, to), at);
    at += to - from;
    starts[i + 1] = at;
  }
  const place = [starts.byteOffset, places.byteOffset, numbers?.byteOffset ?? 0] as const;
  return { place, nonzeros, reason: null, order };
}

function copyDense(
  arena: Arena,
  { rows, columns, pointers, indices, values, nonzeros }: SparseMatrix,
): Storage {
  const all = arena.singles(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = i * columns;
    for (let k = pointers[i]; k < pointers[i + 1]; k++) all[row + indices[k]] = values![k];
  }
  const reason = `sparse rows were stored dense, since ${shareOf(nonzeros, rows * columns)} of their values are other than zero`;
  return { place: [0, 0, all.byteOffset], nonzeros: all.length, reason, order: null };
}

/** `null`, with nothing copied, where too few values are zero. */
function copySparse(arena: Arena, { rows, columns, values }: DenseMatrix): Storage | null {
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
  return {
    place: [pointers.byteOffset, indices.byteOffset, kept.byteOffset],
    nonzeros: count,
    reason: `dense rows were stored sparse, since ${shareOf(count, values.length)} of their values are other than zero`,
    order: null,
  };
}

function shareOf(count: number, all: number): string {
  return `${((100 * count) / all).toPrecision(3)} %`;
}
