import { fail } from "./errors";
import { grouped } from "./grouped";

/**
 * Zeros for a table of numbers.
 * @param type how its numbers are stored
 * @param thing what it is for, e.g. `a dense matrix`
 * @throws `invalid-data` where the process can't have so much memory: how much that is, what is free, and the remedy
 */
export function roomFor<T extends Float32Array | Float64Array>(
  type: { new (length: number): T; readonly BYTES_PER_ELEMENT: number },
  [rows, columns]: readonly [rows: number, columns: number],
  thing: string,
): T {
  try {
    return new type(rows * columns);
  } catch (cause) {
    // Asked for here alone: it takes longer than a small table.
    const free = globalThis.process?.availableMemory?.();
    return fail(
      "invalid-data",
      {
        thing: `bytes of memory for ${thing} of ${grouped(rows)} rows x ${grouped(columns)} columns`,
        value: rows * columns * type.BYTES_PER_ELEMENT,
        expected: `what the process can have${free === undefined ? "" : `, of which ${free} are free`}`,
        remedy: "Take fewer rows at a time or fewer columns, or a sparse matrix.",
      },
      { cause },
    );
  }
}
