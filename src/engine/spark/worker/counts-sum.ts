import type { Block } from "./block-room";
import type { PartSum } from "./part-sum";

/** In how many rows each feature has a value. */
export class CountsSum implements PartSum {
  readonly #sum: Float64Array;

  constructor(columns: number) {
    this.#sum = new Float64Array(columns);
  }

  add({ indices }: Block): void {
    for (let at = 0; at < indices.length; at++) this.#sum[indices[at]]++;
  }

  finish(): Float64Array {
    return this.#sum;
  }
}
