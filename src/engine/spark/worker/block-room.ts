import type { Kernels } from "../../../simd/kernels";
import { loadKernels } from "../../../simd/load";
import { Arena } from "../../../simd/memory";
import type { MatrixArguments } from "../../../train/design";
import { blockLayout } from "../../block-layout";

/** A block of rows where kernels reach it. */
export interface Block {
  readonly matrix: MatrixArguments;
  readonly rows: number;
  readonly nonzeros: number;
  /** The number of its first row in the table. */
  readonly first: number;
  readonly labels: Uint32Array;
  readonly pointers: Uint32Array;
  /** The columns of its stored values. */
  readonly indices: Uint32Array;
  /** Empty where each is 1. */
  readonly values: Float32Array;
  readonly weights: Float64Array;
  readonly shares: Float64Array;
}

/** The memory of a worker: one block of rows at a time, or those that are kept, and what tasks take beside them. */
export class BlockRoom {
  readonly columns: number;
  readonly valued: boolean;
  readonly arena: Arena = new Arena();
  readonly kernels: Kernels = loadKernels(this.arena.memory);
  #room: Uint8Array = new Uint8Array(0);
  #beside: Float64Array = new Float64Array(0);

  constructor(columns: number, valued: boolean) {
    this.columns = columns;
    this.valued = valued;
  }

  /** Bytes that all blocks and vectors take. */
  get bytes(): number {
    return this.arena.bytes;
  }

  /**
   * Brings a block into memory, in place of the one before unless it is kept.
   * @param first the number of its first row
   * @throws where the bytes are not those of so many rows
   */
  load(text: Buffer, rows: number, nonzeros: number, first: number, kept: boolean = false): Block {
    const layout = blockLayout(rows, nonzeros, this.valued);
    const bytes = Buffer.from(text.toString("latin1"), "base64");
    if (bytes.length !== layout.bytes) {
      throw new Error(`a block of ${rows} rows has ${bytes.length} bytes, not ${layout.bytes}`);
    }
    const needed = layout.bytes + 8 * rows;
    let room = this.#room;
    if (kept || room.length < needed) {
      const own = this.arena.floats(Math.ceil(needed / 8));
      room = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
      if (!kept) this.#room = room;
    }
    room.set(bytes);
    const { buffer, byteOffset: start } = room;
    const matrix: MatrixArguments = [
      start + layout.pointers,
      start + layout.indices,
      this.valued ? start + layout.values : 0,
      rows,
      this.columns,
    ];
    return {
      ...{ matrix, rows, nonzeros, first },
      labels: new Uint32Array(buffer, start + layout.labels, rows),
      pointers: new Uint32Array(buffer, start + layout.pointers, rows + 1),
      indices: new Uint32Array(buffer, start + layout.indices, nonzeros),
      values: new Float32Array(buffer, start + layout.values, this.valued ? nonzeros : 0),
      weights: new Float64Array(buffer, start, rows),
      shares: new Float64Array(buffer, start + layout.bytes, rows),
    };
  }

  /** Room for numbers beside the rows of a block, the same for all tasks, which take their turns. */
  beside(length: number): Float64Array {
    if (this.#beside.length < length) this.#beside = this.arena.floats(length);
    return this.#beside.subarray(0, length);
  }
}
