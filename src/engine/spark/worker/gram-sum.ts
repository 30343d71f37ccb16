import type { Arena } from "../../../simd/memory";
import type { RowLoss } from "../../aggregate";
import { outputsOf, type RowBlock } from "../../block-terms";
import { foldUp, gramPlaces } from "../../gram-places";
import type { BlockRoom } from "./block-room";

/** Where the chosen columns of a block lie. */
interface Room {
  readonly pointers: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** The Hessian over some parameters, block by block. */
export class GramSum {
  readonly #room: BlockRoom;
  readonly #arena: Arena;
  readonly #loss: RowLoss;
  readonly #size: number;
  readonly #sum: Float64Array;
  readonly #places: ReturnType<typeof gramPlaces>;
  readonly #lists: Float64Array;
  #chosen: Room;

  /** @param parameters numbers in the full table, ascending, those of the intercepts last */
  constructor(room: BlockRoom, arena: Arena, parameters: Uint32Array, loss: RowLoss) {
    const K = outputsOf(loss);
    const size = parameters.length;
    this.#room = room;
    this.#arena = arena;
    this.#loss = loss;
    this.#size = size;
    this.#sum = arena.floats(size * size);
    this.#places = gramPlaces(parameters, room.columns, K, arena);
    this.#lists = arena.floats(Math.ceil((K + 2) / 2) + Math.ceil(1.5 * size) + 1);
    this.#chosen = this.#roomFor(0, 0);
  }

  /** Adds rows that are at the state: curvatures, or for softmax probabilities, in what is kept of them. */
  add({ matrix, rows, kept, shares, nonzeros }: RowBlock & { readonly nonzeros: number }): void {
    const { kernels } = this.#room;
    if (this.#chosen.pointers.length <= rows || this.#chosen.indices.length < nonzeros) {
      this.#chosen = this.#roomFor(rows, nonzeros);
    }
    const { pointers, indices, values } = this.#chosen;
    const at = [pointers.byteOffset, indices.byteOffset, this.#room.valued ? values.byteOffset : 0] as const;
    const { chosen, columns, first, classes } = this.#places;
    kernels.selectColumns(...matrix, chosen.byteOffset, 0, ...at);
    const softmax = this.#loss.kind === "softmax";
    const p = softmax ? kept.byteOffset : kept.byteOffset + 8 * rows;
    const s = softmax ? shares.byteOffset : 0;
    const own = [first.byteOffset, classes.byteOffset, this.#size, this.#sum.byteOffset] as const;
    kernels.gram(...at, rows, columns, outputsOf(this.#loss), p, s, ...own, this.#lists.byteOffset);
  }

  /** The lower triangle, row after row. */
  finish(): Float64Array {
    const size = this.#size;
    foldUp(this.#sum, size);
    const triangle = new Float64Array((size * (size + 1)) / 2);
    for (let a = 0; a < size; a++) {
      triangle.set(this.#sum.subarray(a * size, a * size + a + 1), (a * (a + 1)) / 2);
    }
    return triangle;
  }

  #roomFor(rows: number, nonzeros: number): Room {
    const arena = this.#arena;
    return {
      pointers: arena.integers(rows + 1),
      indices: arena.integers(nonzeros),
      values: arena.singles(this.#room.valued ? nonzeros : 0),
    };
  }
}
