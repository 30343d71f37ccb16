import type { MatrixArguments } from "../design";
import type { WorkingSet } from "./working-set";

/** The columns of a working set, compressed. */
export function columnsOf({ design }: WorkingSet): MatrixArguments {
  const { arena, columns, kernels, matrix, nonzeros, rows } = design;
  const to = [
    arena.integers(columns + 2).byteOffset,
    arena.integers(nonzeros).byteOffset,
    matrix[2] === 0 ? 0 : arena.singles(nonzeros).byteOffset,
  ] as const;
  kernels.transpose(...matrix, ...to);
  return [...to, rows, columns];
}
