import type { Arena } from "../simd/memory";
import type { BlockPasses, LoadedBlock } from "./block-passes";
import { foldUp, gramPlaces } from "./gram-places";
import { sideFor } from "./square-room";

/** Hessians that blocks add to at a time, whatever the number of threads. */
const targets = 2;

/** Adds up the Hessian over some parameters, block by block of packed rows. */
export class PackedGram {
  readonly #passes: BlockPasses;
  readonly #arena: Arena;
  readonly #outputs: number;
  readonly #start: readonly [number, number];
  #columns = 0;
  #size = 0;
  #sums: readonly Float64Array[] = [];
  #chosen = 0;
  #first = 0;
  #classes = 0;
  #rooms: readonly Room[] = [];

  constructor(passes: BlockPasses, outputs: number) {
    this.#passes = passes;
    this.#arena = passes.design.arena.lend();
    this.#outputs = outputs;
    this.#start = this.#arena.mark();
  }

  close(): void {
    this.#passes.design.arena.takeBack(this.#arena);
  }

  /** @param parameters numbers in the full table, ascending, those of the intercepts last */
  begin(parameters: Uint32Array): void {
    const { packed } = this.#passes;
    const K = this.#outputs;
    const arena = this.#arena;
    arena.rewind(this.#start);
    const size = parameters.length;
    this.#size = size;
    this.#sums = Array.from({ length: targets }, () =>
      arena.floats(sideFor(size) ** 2).subarray(0, size ** 2),
    );
    const places = gramPlaces(parameters, packed.columns, K, arena);
    this.#columns = places.columns;
    this.#chosen = places.chosen.byteOffset;
    this.#first = places.first.byteOffset;
    this.#classes = places.classes.byteOffset;
    const nonzeros = packed.blocks.reduce((most, block) => Math.max(most, block.nonzeros), 0);
    this.#rooms = Array.from({ length: this.#passes.slots }, () => ({
      pointers: arena.integers(packed.mostRows + 1).byteOffset,
      indices: arena.integers(nonzeros).byteOffset,
      values: packed.valued ? arena.singles(nonzeros).byteOffset : 0,
      lists: arena.floats(Math.ceil((K + 2) / 2) + Math.ceil(1.5 * size) + 1).byteOffset,
    }));
  }

  /** Adds blocks whose rows are at the state: curvatures, or for softmax probabilities, in what is kept of them. */
  add(batch: readonly LoadedBlock[], softmax: boolean): void {
    const { team } = this.#passes.design;
    team.run("selectColumns", batch.length, (slot) => {
      const { pointers, indices, values } = this.#rooms[slot];
      return [...batch[slot].matrix, this.#chosen, 0, pointers, indices, values];
    });
    for (let from = 0; from < batch.length; from += targets) {
      team.run("gram", Math.min(targets, batch.length - from), (at) => {
        const { rows, kept, shares } = batch[from + at];
        const { pointers, indices, values, lists } = this.#rooms[from + at];
        const p = softmax ? kept.byteOffset : kept.byteOffset + 8 * rows;
        return [
          ...[pointers, indices, values, rows, this.#columns, this.#outputs, p],
          ...[softmax ? shares.byteOffset : 0, this.#first, this.#classes, this.#size],
          ...[this.#sums[at].byteOffset, lists],
        ];
      });
    }
  }

  /** The lower triangle of the sum. */
  finish(): Float64Array {
    const [H, ...others] = this.#sums;
    const { kernels } = this.#passes.design;
    for (const sum of others) kernels.axpy(H.length, 1, sum.byteOffset, H.byteOffset);
    foldUp(H, this.#size);
    return H;
  }
}

/** Where the chosen columns of a block lie. */
interface Room {
  readonly pointers: number;
  readonly indices: number;
  readonly values: number;
  readonly lists: number;
}
