/** Chances of bits that are learned on the way, one for each context. */
export class BitModels {
  readonly zeros: Uint32Array;
  readonly ones: Uint32Array;

  /**
   * @param limit the sum of counts at which both are halved: the smaller, the faster old bits are forgotten; up to 2^19
   * @param zeros where the counts of zeros start
   * @param ones where the counts of ones start
   */
  constructor(
    contexts: number,
    readonly limit: number,
    zeros: number,
    ones: number,
  ) {
    this.zeros = new Uint32Array(contexts).fill(zeros);
    this.ones = new Uint32Array(contexts).fill(ones);
  }

  saw(at: number, bit: number): void {
    if (bit === 1) this.ones[at] += 2;
    else this.zeros[at] += 2;
    if (this.zeros[at] + this.ones[at] < this.limit) return;
    this.zeros[at] = (this.zeros[at] + 1) >> 1;
    this.ones[at] = (this.ones[at] + 1) >> 1;
  }
}

/** The sum of frequencies at which all are halved. */
const most = 2 ** 20;

/**
 * How often symbols have occurred, in a tree of partial sums (Fenwick, 1994). Each starts at 1 and gains `gain` with
 * every occurrence; 2 is the estimator of Krichevsky and Trofimov (1981).
 */
export class Frequencies {
  readonly #tree: Float64Array;
  readonly #counts: Float64Array;
  readonly #top: number;
  total = 0;

  /** @param symbols up to 2^16 */
  constructor(
    readonly symbols: number,
    readonly gain: number,
  ) {
    this.#tree = new Float64Array(symbols + 1);
    this.#counts = new Float64Array(symbols);
    this.#top = 2 ** (31 - Math.clz32(symbols));
    this.#counts.fill(1);
    for (let i = 1; i <= symbols; i++) this.#tree[i] = i & -i;
    this.total = symbols;
  }

  /** Frequencies that start elsewhere than at 1. */
  static from(counts: readonly number[], gain: number): Frequencies {
    const frequencies = new Frequencies(counts.length, gain);
    counts.forEach((count, symbol) => {
      frequencies.#add(symbol, count - 1);
    });
    return frequencies;
  }

  count(symbol: number): number {
    return this.#counts[symbol];
  }

  /** The sum of the counts below `symbol`. */
  below(symbol: number): number {
    let sum = 0;
    for (let i = symbol; i > 0; i &= i - 1) sum += this.#tree[i];
    return sum;
  }

  /** The symbol whose interval holds `target`. */
  find(target: number): number {
    let symbol = 0;
    for (let step = this.#top; step >= 1; step >>= 1) {
      if (symbol + step > this.symbols || this.#tree[symbol + step] > target) continue;
      symbol += step;
      target -= this.#tree[symbol];
    }
    return symbol;
  }

  saw(symbol: number): void {
    this.#add(symbol, this.gain);
    if (this.total < most) return;
    const halved = this.#counts.map((count) => Math.ceil(count / 2));
    this.#tree.fill(0);
    this.#counts.fill(0);
    this.total = 0;
    halved.forEach((count, at) => {
      this.#add(at, count);
    });
  }

  #add(symbol: number, amount: number): void {
    this.#counts[symbol] += amount;
    this.total += amount;
    for (let i = symbol + 1; i <= this.symbols; i += i & -i) this.#tree[i] += amount;
  }
}
