import { chosenColumns } from "../simd/chosen-columns";
import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { Draw } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { BlockPasses, type LoadedBlock } from "./block-passes";
import { drawnOf } from "./folds";
import { bytesOf, HeldRows } from "./held-rows";

/** Columns of packed rows that are wanted in memory. */
export interface ReduceTask {
  readonly packed: PackedRows;
  readonly classes: number;
  /** Ascending. */
  readonly columns: Uint32Array;
  /** The bytes that the work may take. */
  readonly room: number;
  /** The rows that are drawn; `null` for all. */
  readonly drawn: Draw | null;
}

/** Rows of some columns, equal ones once, with the sum of their weights. */
export interface ReducedRows {
  /** Whether they are all, or all that were drawn; else there was no room, and none are here. */
  readonly whole: boolean;
  /** The rows that were taken before equal ones became one. */
  readonly seen: number;
  /** The stored rows that were gone through until there was no more room, drawn ones and others. */
  readonly passed: number;
  readonly rows: number;
  readonly pointers: Uint32Array;
  /** Numbers of the columns in the table. */
  readonly indices: Uint32Array;
  readonly values: Float32Array | null;
  readonly labels: Uint32Array;
  readonly weights: Float64Array;
}

/** Rows that are added before equal ones are merged. */
const stride = 512;

/** Does a {@link ReduceTask}. */
export const run: ModuleRun = (design: Design, given: never): ReducedRows => {
  const task = given as ReduceTask;
  const { packed, classes, columns } = task;
  const passes = new BlockPasses(design, packed, new Float64Array(classes).fill(1), 0, false);
  const arena = design.arena.lend();
  const chosen = chosenColumns(arena, packed.columns, columns);
  const nonzeros = packed.blocks.reduce((most, block) => Math.max(most, block.nonzeros), 0);
  const rooms = Array.from({ length: passes.slots }, () => ({
    pointers: arena.integers(packed.mostRows + 1),
    indices: arena.integers(nonzeros),
    values: packed.valued ? arena.singles(nonzeros) : null,
  }));
  const merged = new MergedRows(design, columns.length, packed.valued, task.room);
  let whole = true;
  let passed = 0;
  design.passes++;
  try {
    passes.each("none", (batch) => {
      if (!whole) return;
      design.team.run("selectColumns", batch.length, (slot) => {
        const { pointers, indices, values } = rooms[slot];
        const to = [pointers, indices].map((view) => view.byteOffset);
        return [...batch[slot].matrix, chosen.byteOffset, 0, ...to, values?.byteOffset ?? 0];
      });
      batch.forEach((block, slot) => {
        const own = task.drawn === null ? block : sampled(block, rooms[slot], task.drawn, packed.counted);
        if (!whole) return;
        const before = merged.seen;
        whole = merged.add(own, rooms[slot]);
        passed += whole ? block.rows : (block.rows * (merged.seen - before)) / own.rows;
      });
    });
    return { whole, seen: merged.seen, passed, ...merged.taken(columns, whole) };
  } finally {
    merged.close();
    passes.close();
    design.arena.takeBack(arena);
  }
};

/**
 * Leaves the rows of a block that are drawn, in their order, at the front of where all were.
 * @param counted whether a row stands for as many equal ones as it weighs, of which some are drawn
 */
function sampled(
  block: LoadedBlock,
  { pointers, indices, values }: Selected,
  draw: Draw,
  counted: boolean,
): LoadedBlock {
  const { first, labels, shares } = block;
  let rows = 0;
  let end = 0;
  let from = 0;
  for (let i = 0; i < block.rows; i++) {
    const to = pointers[i + 1];
    const copies = drawnOf(draw, first + i, counted ? shares[i] : 1);
    if (copies > 0) {
      indices.copyWithin(end, from, to);
      values?.copyWithin(end, from, to);
      labels[rows] = labels[i];
      shares[rows] = counted ? copies : shares[i];
      end += to - from;
      pointers[++rows] = end;
    }
    from = to;
  }
  return { ...block, rows };
}

/** Compressed rows of a block. */
interface Selected {
  readonly pointers: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array | null;
}

/** Rows that are all different, in a memory that grows with them. */
class MergedRows {
  /** The rows that were added. */
  seen = 0;
  readonly #design: Design;
  readonly #columns: number;
  readonly #valued: boolean;
  readonly #room: number;
  readonly #scratch: Uint32Array;
  #held: HeldRows;
  #count = 0;

  constructor(design: Design, columns: number, valued: boolean, room: number) {
    this.#design = design;
    this.#columns = columns;
    this.#valued = valued;
    this.#room = room;
    this.#scratch = design.arena.integers(33);
    this.#held = HeldRows.empty(design.arena.lend(), valued);
  }

  close(): void {
    this.#design.arena.takeBack(this.#held.arena);
  }

  /** Adds the rows of a block, a few at a time, so that equal ones take no room; whether there was room for the others. */
  add(block: LoadedBlock, selected: Selected): boolean {
    for (let from = 0; from < block.rows; from += stride) {
      const to = Math.min(block.rows, from + stride);
      if (!this.#append(block, selected, from, to)) return false;
      this.seen += to - from;
    }
    return true;
  }

  /** A copy of all, or of none, with the columns' numbers in the table. */
  taken(columns: Uint32Array, all: boolean): Omit<ReducedRows, "whole" | "seen" | "passed"> {
    const { pointers, indices, values, labels, shares } = this.#held;
    const rows = all ? this.#count : 0;
    const end = pointers[rows];
    return {
      rows,
      pointers: Uint32Array.from(pointers.subarray(0, rows + 1)),
      indices: Uint32Array.from(indices.subarray(0, end), (place) => columns[place]),
      values: values === null ? null : Float32Array.from(values.subarray(0, end)),
      labels: Uint32Array.from(labels.subarray(0, rows)),
      weights: Float64Array.from(shares.subarray(0, rows)),
    };
  }

  #append(
    { labels, shares }: LoadedBlock,
    { pointers, indices, values }: Selected,
    from: number,
    to: number,
  ): boolean {
    const count = this.#count;
    const end = this.#held.pointers[count];
    const [start, stop] = [pointers[from], pointers[to]];
    if (!this.#widen(count + to - from, end + stop - start)) return false;
    const held = this.#held;
    for (let i = from; i < to; i++) held.pointers[count + i - from + 1] = end + pointers[i + 1] - start;
    held.indices.set(indices.subarray(start, stop), end);
    held.values?.set(values!.subarray(start, stop), end);
    held.labels.set(labels.subarray(from, to), count);
    held.shares.set(shares.subarray(from, to), count);
    this.#merge(count + to - from);
    return true;
  }

  #merge(last: number): void {
    const { pointers, indices, values, labels, shares, slots, merged } = this.#held;
    this.#count = this.#design.kernels.mergeRows(
      ...[pointers.byteOffset, indices.byteOffset, values?.byteOffset ?? 0],
      ...([this.#count, last, this.#count, this.#columns] as const),
      ...([labels, shares, slots].map((view) => view.byteOffset) as [number, number, number]),
      ...([slots.length / 2, merged.byteOffset, this.#scratch.byteOffset] as const),
    );
  }

  /** Makes room for so many rows and stored values, half as much again where it must grow. */
  #widen(rows: number, nonzeros: number): boolean {
    const old = this.#held;
    if (rows <= old.rows && nonzeros <= old.nonzeros) return true;
    const wanted = [
      rows <= old.rows ? old.rows : Math.ceil(1.5 * rows),
      nonzeros <= old.nonzeros ? old.nonzeros : Math.ceil(1.5 * nonzeros),
    ] as const;
    const bytes = (r: number, n: number) => bytesOf(r, n, this.#valued);
    // The old rows stand beside the new ones while they are copied, and a copy leaves for the answer.
    if (2 * bytes(...wanted) + bytes(old.rows, old.nonzeros) > this.#room) return false;
    this.#held = old.widened(this.#count, ...wanted, () => this.#design.arena.lend());
    if (this.#held.arena !== old.arena) this.#design.arena.takeBack(old.arena);
    const count = this.#count;
    this.#count = 0;
    this.#merge(count);
    return true;
  }
}
