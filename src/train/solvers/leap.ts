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
    const { room, work, state } = roomToLeap(arena, blocks);
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

/** What `Kernels.leapGram` needs besides the model. */
export interface LeapRoom {
  /** The most parameters that may move. */
  readonly room: number;
  readonly work: Float64Array;
  /** How many parameters moved at the last call, and the calls since the last leap. */
  readonly state: Float64Array;
}

/** Room for leaps over some blocks, and no leap yet. */
export function roomToLeap(arena: Arena, blocks: number): LeapRoom {
  const room = Math.min(most, blocks);
  const state = arena.floats(2);
  state[0] = -1;
  return { room, work: arena.scratch(room * (room + 3)), state };
}
