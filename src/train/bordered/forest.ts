/** Disjoint sets of numbers below a count (Tarjan, 1975), none larger than a bound. */
export class Forest {
  readonly #parents: Uint32Array;
  readonly #sizes: Uint32Array;
  readonly #most: number;

  constructor(count: number, most: number) {
    this.#parents = Uint32Array.from({ length: count }, (_, k) => k);
    this.#sizes = new Uint32Array(count).fill(1);
    this.#most = most;
  }

  /** The number that stands for the set of `k`. */
  rootOf(k: number): number {
    const parents = this.#parents;
    while (parents[k] !== k) {
      parents[k] = parents[parents[k]];
      k = parents[k];
    }
    return k;
  }

  /** The size of the set that `root` stands for. */
  sizeOf(root: number): number {
    return this.#sizes[root];
  }

  /** Makes the sets of two numbers one; false, with both left as they are, where it would be too large. */
  join(a: number, b: number): boolean {
    const one = this.rootOf(a);
    const other = this.rootOf(b);
    if (one === other) return true;
    const size = this.#sizes[one] + this.#sizes[other];
    if (size > this.#most) return false;
    const [large, small] = this.#sizes[one] >= this.#sizes[other] ? [one, other] : [other, one];
    this.#parents[small] = large;
    this.#sizes[large] = size;
    return true;
  }
}
