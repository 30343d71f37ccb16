import type { Arena } from "../simd/memory";

/** Room for rows of few columns and what is known of equal ones, in one piece, so that it can grow where it lies. */
export class HeldRows {
  readonly arena: Arena;
  readonly rows: number;
  readonly nonzeros: number;
  readonly shares: Float64Array;
  readonly pointers: Uint32Array;
  readonly labels: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array | null;
  /** Where each row went, and the places of a table of all, by their hashes: zero as nothing was merged yet. */
  readonly merged: Uint32Array;
  readonly slots: Uint32Array;
  readonly #start: number;

  /** @param start where the room is; left out, it is taken from the arena */
  private constructor(
    arena: Arena,
    valued: boolean,
    rows: number,
    nonzeros: number,
    start: number = arena.scratch(Math.ceil(bytesOf(rows, nonzeros, valued) / 8)).byteOffset,
  ) {
    const { buffer } = arena.memory;
    let end = start + 8 * rows;
    const words = (length: number): Uint32Array => {
      end += 4 * length;
      return new Uint32Array(buffer, end - 4 * length, length);
    };
    this.arena = arena;
    this.rows = rows;
    this.nonzeros = nonzeros;
    this.#start = start;
    this.shares = new Float64Array(buffer, start, rows);
    this.pointers = words(rows + 1);
    this.labels = words(rows);
    this.indices = words(nonzeros);
    const values = words(valued ? nonzeros : 0);
    this.values = valued ? new Float32Array(buffer, values.byteOffset, nonzeros) : null;
    this.merged = words(rows);
    this.slots = words(2 * slotsFor(rows));
  }

  /** Room for a first row. @param arena one of nothing else */
  static empty(arena: Arena, valued: boolean): HeldRows {
    const held = new HeldRows(arena, valued, 1, 1);
    held.pointers[0] = 0;
    held.merged.fill(0);
    held.slots.fill(0);
    return held;
  }

  /**
   * Room for more, with the first `count` rows; what was known of equal ones is forgotten. It lies where this one does, or where
   * that can't grow in an arena of its own.
   */
  widened(count: number, rows: number, nonzeros: number, lend: () => Arena): HeldRows {
    const valued = this.values !== null;
    const stays = this.arena.extend(bytesOf(rows, nonzeros, valued));
    const next = stays
      ? new HeldRows(this.arena, valued, rows, nonzeros, this.#start)
      : new HeldRows(lend(), valued, rows, nonzeros);
    const ends = this.pointers[count];
    // Each lies further back than before, so that the last goes first.
    next.values?.set(this.values!.subarray(0, ends));
    next.indices.set(this.indices.subarray(0, ends));
    next.labels.set(this.labels.subarray(0, count));
    next.pointers.set(this.pointers.subarray(0, count + 1));
    if (!stays) next.shares.set(this.shares.subarray(0, count));
    next.pointers[0] = 0;
    next.merged.fill(0);
    next.slots.fill(0);
    return next;
  }
}

/** The bytes of {@link HeldRows}. */
export function bytesOf(rows: number, nonzeros: number, valued: boolean): number {
  return 20 * rows + 4 + 8 * slotsFor(rows) + (valued ? 8 : 4) * nonzeros;
}

function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(1.25 * rows + 1));
}
