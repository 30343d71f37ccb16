import type { Kernels } from "../../../simd/kernels";
import { loadKernels } from "../../../simd/load";
import { Arena } from "../../../simd/memory";
import type { MatrixArguments } from "../../../train/design";
import type { Aggregate, AggregateState, Operation } from "../../aggregate";
import { blockLayout } from "../../block-layout";

/** A block of rows where kernels reach it. */
interface Block {
  readonly matrix: MatrixArguments;
  readonly rows: number;
  readonly labels: Uint32Array;
  readonly weights: Float64Array;
  readonly shares: Float64Array;
}

const empty = new Float64Array(0);

/** Aggregates of blocks of rows by the library's kernels, block after block on one thread. */
export class BlockSums {
  readonly columns: number;
  readonly #valued: boolean;
  readonly #arena = new Arena();
  readonly #kernels: Kernels = loadKernels(this.#arena.memory);
  readonly #w: Float64Array;
  readonly #sum: Float64Array;
  readonly #scratch: Float64Array;
  #rows = 0;
  #residuals: Float64Array = empty;
  #curvatures: Float64Array = empty;
  #room: Uint8Array = new Uint8Array(0);

  constructor(columns: number, valued: boolean) {
    this.columns = columns;
    this.#valued = valued;
    this.#w = this.#arena.floats(columns + 1);
    this.#sum = this.#arena.floats(columns + 1);
    this.#scratch = this.#arena.floats(columns + 1);
  }

  /** Bytes that all blocks and vectors take. */
  get bytes(): number {
    return this.#arena.bytes;
  }

  /**
   * Brings a block into memory, in place of the one before unless it is kept.
   * @throws where the bytes are not those of so many rows
   */
  load(text: Buffer, rows: number, nonzeros: number, kept: boolean = false): Block {
    const layout = blockLayout(rows, nonzeros, this.#valued);
    const bytes = Buffer.from(text.toString("latin1"), "base64");
    if (bytes.length !== layout.bytes) {
      throw new Error(`a block of ${rows} rows has ${bytes.length} bytes, not ${layout.bytes}`);
    }
    const needed = layout.bytes + 8 * rows;
    let room = this.#room;
    if (kept || room.length < needed) {
      const own = this.#arena.floats(Math.ceil(needed / 8));
      room = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
      if (!kept) this.#room = room;
    }
    room.set(bytes);
    const { buffer, byteOffset: start } = room;
    const matrix: MatrixArguments = [
      start + layout.pointers,
      start + layout.indices,
      this.#valued ? start + layout.values : 0,
      rows,
      this.columns,
    ];
    if (this.#residuals.length < rows) {
      this.#residuals = this.#arena.floats(rows);
      this.#curvatures = this.#arena.floats(rows);
    }
    return {
      matrix,
      rows,
      labels: new Uint32Array(buffer, start + layout.labels, rows),
      weights: new Float64Array(buffer, start, rows),
      shares: new Float64Array(buffer, start + layout.bytes, rows),
    };
  }

  /** Begins a sum at a state. */
  begin({ parameters }: AggregateState): void {
    this.#w.set(parameters);
    this.#sum.fill(0);
    this.#rows = 0;
  }

  /** Adds a block to the sum; returns its loss, and adds to the sums of both sides. */
  add(block: Block, operation: Operation, { loss, factors }: AggregateState, sides: Float64Array): number {
    if (loss.kind !== "logistic") throw new Error(`unknown loss ${loss.kind}`);
    const kernels = this.#kernels;
    const { matrix, rows, labels, weights, shares } = block;
    this.#rows += rows;
    for (let i = 0; i < rows; i++) shares[i] = weights[i] * factors[labels[i]];
    const [s, r, h] = [shares, this.#residuals, this.#curvatures].map((view) => view.byteOffset);
    const out = operation.kind === "gradient" ? this.#sum : this.#scratch;
    const at = [labels.byteOffset, loss.positive, s, this.#w.byteOffset, out.byteOffset, r, h] as const;
    const value = kernels.logisticGradient(...matrix, ...at);
    if (operation.kind === "gradient") {
      const four = this.#arena.mark();
      const own = this.#arena.floats(4);
      kernels.logisticSides(rows, s, r, h, own.byteOffset);
      for (let k = 0; k < 4; k++) sides[k] += own[k];
      this.#arena.rewind(four);
      return value;
    }
    if (operation.kind === "diagonal") {
      kernels.transposeSquareTimes(...matrix, 1, h, this.#sum.byteOffset);
      return 0;
    }
    if (operation.kind === "curvature") throw new Error("the curvature is not summed here");
    if (operation.dual.kind !== "sides") throw new Error(`unknown dual point ${operation.dual.kind}`);
    const { below, above } = operation.dual;
    if (operation.kind === "correlate") {
      kernels.logisticCorrelate(...matrix, r, below, above, this.#sum.byteOffset);
      return 0;
    }
    const { factor } = operation;
    return kernels.logisticDivergence(rows, s, r, h, factor * below, factor * above);
  }

  /** The sum of blocks that are in memory. */
  over(blocks: readonly Block[], operation: Operation, state: AggregateState): Aggregate {
    this.begin(state);
    const sides = new Float64Array(4);
    let loss = 0;
    for (const block of blocks) loss += this.add(block, operation, state, sides);
    const sum = this.#sum.slice();
    const diagonal = operation.kind === "diagonal";
    return {
      rows: this.#rows,
      loss,
      gradient: diagonal ? empty : sum,
      curvature: diagonal ? sum : empty,
      sides,
    };
  }

  /** The sum so far. */
  get sum(): Float64Array {
    return this.#sum;
  }
}
