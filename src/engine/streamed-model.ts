import type { Model } from "../train/solvers/model";
import { SweptModel } from "../train/solvers/swept-model";
import type { WorkingSet } from "../train/solvers/working-set";
import { sideFor } from "./square-room";

/** The second-order model of a loss whose Hessian was added up elsewhere, with no need of rows. */
export class StreamedModel extends SweptModel implements Model {
  readonly idle = true;
  readonly renewal = 0;
  readonly states: readonly Float64Array[];
  readonly #H: Float64Array;
  readonly #q: Float64Array;

  constructor(set: WorkingSet) {
    super(set);
    const { arena } = set.design;
    this.#H = arena.floats(sideFor(set.size) ** 2).subarray(0, set.size ** 2);
    this.#q = arena.floats(set.size);
    this.states = [this.#q];
  }

  /** Takes a Hessian over the set's parameters, a lower triangle. */
  curve(lower: Float64Array): void {
    const { size, longest } = this.set;
    const H = this.#H;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        H[a * size + b] = lower[a * size + b];
        H[b * size + a] = lower[a * size + b];
      }
      this.d[a] = H[a * size + a];
    }
    if (longest > 1) this.#dominate();
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#q.set(g);
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    return kernels.descendGram(
      ...this.common(list, count),
      this.set.size,
      this.#H.byteOffset,
      this.#q.byteOffset,
    );
  }

  value(): number {
    let sum = 0;
    for (let a = 0; a < this.set.size; a++) sum += (this.g[a] + this.#q[a]) * (this.u[a] - this.start[a]);
    return sum / 2;
  }

  /** Within blocks of several parameters, sums of sizes along the rows majorize the Hessian (Gershgorin). */
  #dominate(): void {
    const { starts, members, blocks, size } = this.set;
    for (let b = 0; b < blocks; b++) {
      const block = members.subarray(starts[b], starts[b + 1]);
      for (const a of block) {
        this.d[a] = block.reduce((sum, other) => sum + Math.abs(this.#H[a * size + other]), 0);
      }
    }
  }
}
