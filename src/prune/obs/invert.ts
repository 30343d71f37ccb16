import type { Kernels } from "../../simd/kernels";
import type { Arena } from "../../simd/memory";
import type { Pace } from "../../train/pace";

/** Columns that are swept together. */
const width = 64;
/** Multiplications of one call of a kernel, some 25 ms. */
const work = 3e7;

/** Room for blocks of up to `rank` columns of a matrix of `n` rows. */
export interface Panels {
  readonly L: Float64Array;
  readonly U: Float64Array;
}

/** Takes the room from an arena. */
export function panelsOf(arena: Arena, n: number, rank: number): Panels {
  return { L: arena.floats(rank * rank), U: arena.floats(n * rank) };
}

/**
 * Replaces the lower triangle of A, symmetric and positive definite with a diagonal of ones, by its inverse's: the sweep
 * operator (Goodnight, 1979, section 3) in blocks. Returns n; or, where a pivot is not above `floor`, a number of a row
 * below n, and A is spoilt.
 */
export async function invert(
  A: Float64Array,
  n: number,
  floor: number,
  kernels: Kernels,
  arena: Arena,
  pace: Pace,
): Promise<number> {
  const mark = arena.mark();
  const { L, U } = panelsOf(arena, n, width);
  for (let s = 0; s < n; s += width) {
    const b = Math.min(width, n - s);
    const behind = (i: number, c: number) => (i > s + c ? i * n + s + c : (s + c) * n + i);
    for (let r = 0; r < b; r++) for (let c = 0; c <= r; c++) L[r * b + c] = A[(s + r) * n + s + c];
    const failed = kernels.cholesky(b, L.byteOffset, floor);
    if (failed < b) {
      arena.rewind(mark);
      return s + failed;
    }
    for (let i = 0; i < n; i++) {
      const at = i * b;
      if (i >= s && i < s + b) {
        U.fill(0, at, at + b);
        continue;
      }
      for (let c = 0; c < b; c++) U[at + c] = A[behind(i, c)];
      kernels.forwardSolve(b, b, L.byteOffset, U.byteOffset + 8 * at);
    }
    await downdateRows(A, n, n, b, U, kernels, pace);
    for (let i = 0; i < n; i++) {
      if (i >= s && i < s + b) continue;
      kernels.backwardSolve(b, b, L.byteOffset, U.byteOffset + 8 * i * b);
      for (let c = 0; c < b; c++) A[behind(i, c)] = U[i * b + c];
    }
    for (let c = 0; c < b; c++) {
      const x = U.fill(0, 0, b);
      x[c] = 1;
      kernels.forwardSolve(b, b, L.byteOffset, x.byteOffset);
      kernels.backwardSolve(b, b, L.byteOffset, x.byteOffset);
      for (let r = c; r < b; r++) A[(s + r) * n + s + c] = -x[r];
    }
    await pace.rest();
  }
  for (let i = 0; i < n; i++) for (let j = i * n; j <= i * n + i; j++) A[j] = -A[j];
  arena.rewind(mark);
  return n;
}

/** A = A - U U' in the lower triangle of the first n rows, in calls that are short enough for others to be let in. */
export async function downdateRows(
  A: Float64Array,
  n: number,
  stride: number,
  rank: number,
  U: Float64Array,
  kernels: Kernels,
  pace: Pace,
): Promise<void> {
  for (let from = 0; from < n; ) {
    const rows = Math.max(2, Math.floor(work / (rank * (from + 200))));
    const to = Math.min(n, from + rows);
    kernels.downdate(from, to, stride, rank, U.byteOffset, A.byteOffset);
    await pace.rest();
    from = to;
  }
}
