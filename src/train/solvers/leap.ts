import type { Arena } from "../../simd/memory";
import type { WorkingSet } from "./working-set";

/** The most parameters whose equations are solved. */
const most = 1024;

/**
 * Goes to the minimum of a quadratic model plus a penalty over the parameters that move, their signs as they are: where one
 * would pass zero or a bound it stays there, and the others go on (Osborne, Presnell and Turlach, 2000). Sweeps choose the
 * parameters; where columns are alike they would need hundreds or thousands to find the minimum over them. It takes no
 * longer than the sweeps since the last one, or some twenty.
 */
export class Leap {
  readonly #go: () => number;

  /**
   * @param set whose blocks are of one parameter each
   * @param H the model's Hessian
   * @param u the weights where the model stands
   * @param q the model's gradient there
   */
  constructor(set: WorkingSet, H: Float64Array, u: Float64Array, q: Float64Array) {
    const { blocks, starts, members, l1, l2, lower, upper, size, design } = set;
    const { arena, kernels } = design;
    const { room, work } = roomOfLeaps(arena, blocks);
    const state = noLeaps(arena);
    const terms = [starts, members, l1, l2, lower, upper, u].map((view) => view.byteOffset);
    const [s, m, one, two, low, high, w] = terms;
    const [matrix, slopes, scratch, kept] = [H, q, work, state].map((view) => view.byteOffset);
    this.#go = () =>
      kernels.leapGram(blocks, s, m, one, two, low, high, w, size, matrix, slopes, room, scratch, kept);
  }

  /** Called after a sweep: moves the model to a lower value, or does nothing and returns false. */
  go(): boolean {
    return this.#go() === 1;
  }
}

/** Room for `Kernels.leapGram` over some blocks: the most parameters that may move, and where it works. */
export function roomOfLeaps(
  arena: Arena,
  blocks: number,
): { readonly room: number; readonly work: Float64Array } {
  const room = Math.min(most, blocks);
  return { room, work: arena.scratch(room * (room + 3)) };
}

/** How many parameters moved at the last call of `Kernels.leapGram`, and the calls since the last leap: none yet. */
export function noLeaps(arena: Arena): Float64Array {
  const state = arena.floats(2);
  state[0] = -1;
  return state;
}
