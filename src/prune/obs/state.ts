import type { Contest } from "../contest";
import { roomOf, type Target } from "../mask";

/** Which units of a contest are still there while weights are taken out, and which of them may go. */
export class Standing {
  /** The weights that are left of each unit. */
  readonly #left: Uint32Array;
  /** How many more units of each pool have to go; without end where a threshold decides. */
  readonly #excess: Float64Array;
  readonly #contest: Contest;
  readonly importances: Float64Array;
  readonly mask: Uint8Array;
  readonly #threshold: number;
  /** The predicted rise of the objective through all that has gone. */
  total = 0;

  constructor(contest: Contest, weights: Float64Array, target: Target) {
    const { starts, members, pools, sizes, protects } = contest;
    this.#contest = contest;
    this.importances = new Float64Array(weights.length);
    this.mask = Uint8Array.from(weights, (w) => Number(w !== 0));
    this.#left = Uint32Array.from(pools, (_, u) => {
      let count = 0;
      for (let m = starts[u]; m < starts[u + 1]; m++) count += this.mask[members[m]];
      return count;
    });
    this.#threshold = "threshold" in target ? target.threshold : Number.POSITIVE_INFINITY;
    this.#excess = new Float64Array(sizes.length).fill(Number.POSITIVE_INFINITY);
    if ("threshold" in target) return;
    const room = roomOf(contest, target.keeps, weights);
    this.#excess.fill(0);
    pools.forEach((pool, u) => {
      if (this.#left[u] > 0 && protects[u] === 0) this.#excess[pool]++;
    });
    room.forEach((most, pool) => {
      this.#excess[pool] = Math.max(0, this.#excess[pool] - most);
    });
  }

  /** The weights that are left. */
  get count(): number {
    return this.#left.reduce((sum, count) => sum + count, 0);
  }

  /** How many more units have to go. */
  get excess(): number {
    return this.#excess.reduce((sum, count) => sum + count, 0);
  }

  /** The units that may go. */
  candidates(): number[] {
    const { pools, protects } = this.#contest;
    const found: number[] = [];
    for (let u = 0; u < pools.length; u++) {
      if (this.#left[u] > 0 && protects[u] === 0 && this.#excess[pools[u]] > 0) found.push(u);
    }
    return found;
  }

  /** Whether a unit may go still, at that rise of the objective. */
  mayGo(unit: number, rise: number): boolean {
    return this.#excess[this.#contest.pools[unit]] > 0 && this.within(rise);
  }

  /** Says of unit after unit whether it may go beside those said to go before. */
  quota(): (unit: number) => boolean {
    const left = this.#excess.slice();
    return (unit) => left[this.#contest.pools[unit]]-- > 0;
  }

  /** Whether the objective may rise by that. */
  within(rise: number): boolean {
    return this.total + rise <= this.#threshold;
  }

  /** The weights that are left of a unit. */
  weightsOf(unit: number): number[] {
    const { starts, members } = this.#contest;
    return Array.from(members.subarray(starts[unit], starts[unit + 1])).filter((at) => this.mask[at] === 1);
  }

  /** Takes a unit out. @param rise what the objective rises by */
  remove(unit: number, rise: number): void {
    this.total += rise;
    this.#mark(unit, this.total);
    for (const at of this.weightsOf(unit)) this.mask[at] = 0;
    this.#left[unit] = 0;
    this.#excess[this.#contest.pools[unit]]--;
  }

  /** Judges a unit that stays. @param rise what the objective would rise by without it */
  judge(unit: number, rise: number): void {
    this.#mark(unit, this.total + rise);
  }

  /** The norm of the importances of a unit is its worth. */
  #mark(unit: number, worth: number): void {
    const weights = this.weightsOf(unit);
    for (const at of weights) {
      this.importances[at] = Math.max(worth, Number.MIN_VALUE) / Math.sqrt(weights.length);
    }
  }

  /** All units that are left. */
  survivors(): number[] {
    return Array.from(this.#left.keys()).filter((u) => this.#left[u] > 0);
  }
}
