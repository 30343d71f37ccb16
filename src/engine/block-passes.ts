import { closeSync, openSync, readSync, rmSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { fail } from "../base/errors";
import type { Kernels } from "../simd/kernels";
import type { Arena } from "../simd/memory";
import type { Design, MatrixArguments } from "../train/design";
import type { FoldPart } from "./aggregate";
import { blockLayout, type PackedBlock, type PackedRows } from "./block-layout";
import { writeWhole } from "./block-writer";
import { shareOf } from "./folds";

/** A block as it lies in memory. */
export interface LoadedBlock {
  readonly matrix: MatrixArguments;
  readonly rows: number;
  /** The number of its first row. */
  readonly first: number;
  readonly labels: Uint32Array;
  /** Each row's share of the mean loss. */
  readonly shares: Float64Array;
  /** What is kept of each row from pass to pass. */
  readonly kept: Float64Array;
}

/** Blocks that are in memory at a time; what they add is added up in their order, whatever the number of threads. */
const slots = 4;
/** Passes that this thread has opened: what is kept of rows has a file for each. */
let opened = 0;

/**
 * Passes over packed rows on disk: the one primitive of training, scoring and evaluation beyond memory. Blocks are read
 * in batches, computed by all threads, and what is kept of a row between passes lies on disk as well.
 */
export class BlockPasses {
  readonly design: Design;
  readonly packed: PackedRows;
  /** Numbers kept a row. */
  readonly width: number;
  #factors: Float64Array;
  #part: FoldPart | null = null;
  readonly #arena: Arena;
  readonly #file: number;
  readonly #kept: number | null;
  readonly #keptPath: string;
  readonly #slots: readonly { readonly bytes: Uint8Array; readonly kept: Float64Array }[];
  readonly #partials = new Map<number, Float64Array[]>();

  /**
   * @param factors what the weight of a row of each class is multiplied by for its share
   * @param width the numbers that there is room for beside each row of a block
   * @param lasting whether these can be kept from pass to pass, in a file beside that of the rows
   */
  constructor(design: Design, packed: PackedRows, factors: Float64Array, width: number, lasting: boolean) {
    this.design = design;
    this.packed = packed;
    this.width = width;
    this.#factors = factors;
    this.#arena = design.arena.lend();
    this.#file = openSync(packed.path, "r");
    this.#keptPath = `${packed.path}.kept-${threadId}-${opened++}`;
    this.#kept = lasting ? openSync(this.#keptPath, "wx+", 0o600) : null;
    this.#slots = Array.from({ length: Math.min(slots, packed.blocks.length) }, () => {
      const room = this.#arena.floats(packed.mostBytes / 8);
      return {
        bytes: new Uint8Array(room.buffer, room.byteOffset, room.byteLength),
        kept: this.#arena.floats(packed.mostRows * width),
      };
    });
  }

  /** Blocks that are in memory at a time. */
  get slots(): number {
    return this.#slots.length;
  }

  /** Takes other shares of the rows from now on. */
  weigh(factors: Float64Array, part: FoldPart | null): void {
    this.#factors = factors;
    this.#part = part;
  }

  close(): void {
    closeSync(this.#file);
    if (this.#kept !== null) {
      closeSync(this.#kept);
      rmSync(this.#keptPath, { force: true });
    }
    this.design.arena.takeBack(this.#arena);
  }

  /**
   * Runs a kernel over all blocks, adds what they add to `out`, and returns the sum of its results.
   * @param kept whether what is kept of the rows is read before, or written after
   * @param argumentsOf the kernel's arguments for a block and the vector that it adds to
   * @param after called with each block when its batch is done
   */
  add(
    name: keyof Kernels,
    out: Float64Array,
    kept: "read" | "write" | "none",
    argumentsOf: (block: LoadedBlock, target: number, slot: number) => readonly number[],
    after: (block: LoadedBlock) => void = () => {},
  ): number {
    const { design } = this;
    design.passes++;
    const partials = this.#partialsOf(out.length);
    for (const partial of partials) partial.fill(0);
    let sum = 0;
    this.each(
      kept,
      (batch) => {
        sum += design.team.run(name, batch.length, (slot) =>
          argumentsOf(batch[slot], slot === 0 ? out.byteOffset : partials[slot - 1].byteOffset, slot),
        );
      },
      after,
    );
    for (const partial of partials) {
      design.kernels.axpy(out.length, 1, partial.byteOffset, out.byteOffset);
    }
    return sum;
  }

  /** Goes through all blocks in batches. */
  each(
    kept: "read" | "write" | "none",
    use: (batch: readonly LoadedBlock[]) => void,
    after: (block: LoadedBlock) => void = () => {},
  ): void {
    const { blocks } = this.packed;
    for (let at = 0; at < blocks.length; at += this.#slots.length) {
      this.design.team.check();
      const chosen = blocks.slice(at, at + this.#slots.length);
      const batch = chosen.map((block, slot) => this.#load(block, slot, kept === "read"));
      use(batch);
      batch.forEach((block, slot) => {
        after(block);
        if (kept === "write") writeWhole(this.#kept!, block.kept, 8 * this.width * chosen[slot].first);
      });
    }
  }

  #load(block: PackedBlock, slot: number, kept: boolean): LoadedBlock {
    const { bytes, kept: room } = this.#slots[slot];
    const { rows, nonzeros, first } = block;
    const { valued, columns } = this.packed;
    const layout = blockLayout(rows, nonzeros, valued);
    readWhole(this.#file, bytes.subarray(0, layout.bytes), block.offset);
    const own = room.subarray(0, rows * this.width);
    if (kept) {
      readWhole(
        this.#kept!,
        new Uint8Array(own.buffer, own.byteOffset, own.byteLength),
        8 * this.width * first,
      );
    }
    const start = bytes.byteOffset;
    const labels = new Uint32Array(bytes.buffer, start + layout.labels, rows);
    const shares = new Float64Array(bytes.buffer, start, rows);
    const factors = this.#factors;
    const part = this.#part;
    if (part !== null) {
      const { counted } = this.packed;
      for (let i = 0; i < rows; i++) shares[i] *= shareOf(part, first + i, counted ? shares[i] : 1);
    }
    for (let i = 0; i < rows; i++) shares[i] *= factors[labels[i]];
    const matrix: MatrixArguments = [
      start + layout.pointers,
      start + layout.indices,
      valued ? start + layout.values : 0,
      rows,
      columns,
    ];
    return { matrix, rows, first, labels, shares, kept: own };
  }

  #partialsOf(length: number): Float64Array[] {
    let found = this.#partials.get(length);
    if (found === undefined) {
      found = this.#slots.slice(1).map(() => this.#arena.floats(length));
      this.#partials.set(length, found);
    }
    return found;
  }
}

function readWhole(file: number, into: Uint8Array, at: number): void {
  let done = 0;
  while (done < into.length) {
    const read = readSync(file, into, done, into.length - done, at + done);
    if (read === 0) {
      fail("truncated-file", {
        thing: "file of packed rows",
        expected: "all bytes that were written",
        remedy: "Keep temporary files until the work is done.",
      });
    }
    done += read;
  }
}
