import type { Kernels } from "../../simd/kernels";

/** Relative pivots above this are far from what six digits leave uncertain, and curvatures from the least 32-bit float. */
const safePivot = 1e-4;
const safeCurvature = 1e-30;
/** The square of the columns beside that of a row's values, on average, up to which products of all columns take less time. */
const filled = 16;
/** The fewest stored values that are worth it. */
const fewest = 2 ** 16;

/** Whether sparse rows fill so much of some columns that their Hessian takes the least time by `Kernels.roughProduct`. */
export function fillsColumns(nonzeros: number, rows: number, columns: number): boolean {
  return nonzeros >= fewest && filled * (nonzeros / rows) ** 2 >= columns ** 2;
}

/**
 * Whether no columns are so much alike that six digits of a Hessian `H` of diagonal `d` would not tell them apart.
 * @param room for its factor and a number for each row, see {@link safetyRoom}
 */
export function isSafe(kernels: Kernels, H: Float64Array, d: Float64Array, room: Float64Array): boolean {
  const size = d.length;
  const units = room.subarray(size * size);
  for (let a = 0; a < size; a++) {
    if (!(d[a] > safeCurvature)) return false;
    units[a] = 1 / Math.sqrt(d[a]);
  }
  return kernels.scaledCholesky(size, H.byteOffset, units.byteOffset, 1, room.byteOffset, safePivot) === size;
}

/** The numbers that {@link isSafe} needs room for. */
export function safetyRoom(size: number): number {
  return size * (size + 1);
}
