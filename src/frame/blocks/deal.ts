import { Random } from "../../base/random";

/**
 * Deals the rows of each class to folds: of `folds` rows of a class that follow one another each goes to another fold, in an order
 * that the seed, the class and the place of these rows decide (permuted blocks; Zelen, 1974). A row's fold depends on nothing after
 * it, and on what is before it by the number of rows of its class alone, so that rows which stream by are dealt as rows in memory.
 */
export class FoldDealer {
  readonly #folds: number;
  readonly #seed: number;
  readonly #dealt: Float64Array;
  readonly #orders: readonly Uint8Array[];

  /** @param before how many rows of each class were dealt before the first */
  constructor(folds: number, seed: number, before: ArrayLike<number>) {
    this.#folds = folds;
    this.#seed = seed;
    this.#dealt = Float64Array.from(before);
    this.#orders = Array.from(this.#dealt, (_, own) => {
      const order = new Uint8Array(folds);
      if (this.#dealt[own] % folds > 0) this.#shuffle(own, order);
      return order;
    });
  }

  /** The fold of the next row, which is of this class. */
  next(own: number): number {
    const order = this.#orders[own];
    const place = this.#dealt[own] % this.#folds;
    if (place === 0) this.#shuffle(own, order);
    this.#dealt[own]++;
    return order[place];
  }

  #shuffle(own: number, order: Uint8Array): void {
    const block = Math.floor(this.#dealt[own] / this.#folds);
    const seed =
      Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(own + 1, 0x85ebca6b) ^ Math.imul(block, 0xc2b2ae35);
    for (let f = 0; f < order.length; f++) order[f] = f;
    new Random(seed).shuffle(order);
  }
}
