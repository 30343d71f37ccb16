import { RangeDecoder } from "./range-coder";

/**
 * How often symbols have occurred, in a tree of partial sums (Fenwick, 1994). Each starts at 1 and gains 2 with
 * every occurrence, the estimator of Krichevsky and Trofimov (1981); all are halved when the sum nears 2^24.
 */
class Frequencies {
  readonly #tree: Float64Array;
  readonly #counts: Float64Array;
  total = 0;

  constructor(readonly symbols: number) {
    this.#tree = new Float64Array(symbols + 1);
    this.#counts = new Float64Array(symbols);
    for (let symbol = 0; symbol < symbols; symbol++) this.#add(symbol, 1);
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
    for (let step = 2 ** Math.floor(Math.log2(this.symbols)); step >= 1; step /= 2) {
      if (symbol + step > this.symbols || this.#tree[symbol + step] > target) continue;
      symbol += step;
      target -= this.#tree[symbol];
    }
    return symbol;
  }

  saw(symbol: number): void {
    this.#add(symbol, 2);
    if (this.total < 2 ** 24 - 2) return;
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

/**
 * Decodes `count` symbols. Any bytes decode to something.
 * @param wrong called where bytes are left over
 */
export function decodeAdaptive(
  bytes: Uint8Array,
  count: number,
  symbols: number,
  wrong: (expected: string) => never,
): Uint16Array {
  const frequencies = new Frequencies(symbols);
  const decoder = new RangeDecoder(bytes);
  const decoded = Uint16Array.from({ length: count }, () => {
    const symbol = frequencies.find(decoder.target(frequencies.total));
    decoder.accept(frequencies.below(symbol), frequencies.count(symbol));
    frequencies.saw(symbol);
    return symbol;
  });
  if (decoder.unread > 0 || bytes[bytes.length - 1] === 0) wrong("no bytes beyond the last symbol");
  return decoded;
}
