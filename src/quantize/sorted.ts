import { ascendingOrder } from "./order";

/**
 * Values in ascending order with running sums, so that what falls to one code, which is a run of them, is summed up in no time
 * for quantizer after quantizer.
 */
export class SortedValues {
  readonly #values: Float64Array;
  readonly #mass: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;

  private constructor(values: Float64Array, weights: Float64Array | null) {
    const n = values.length;
    this.#values = values;
    [this.#mass, this.#first, this.#second] = Array.from({ length: 3 }, () => new Float64Array(n + 1));
    for (let i = 0; i < n; i++) {
      const weight = weights === null ? 1 : weights[i];
      this.#mass[i + 1] = this.#mass[i] + weight;
      this.#first[i + 1] = this.#first[i] + weight * values[i];
      this.#second[i + 1] = this.#second[i] + weight * values[i] * values[i];
    }
  }

  /** @param importances how much each value counts; `null` for ones */
  static of(values: Float64Array, importances: Float64Array | null): SortedValues {
    if (importances === null) return new SortedValues(values.slice().sort(), null);
    const order = ascendingOrder(values);
    const along = (numbers: Float64Array) => Float64Array.from(order, (i) => numbers[i]);
    return new SortedValues(along(values), along(importances));
  }

  /**
   * Visits each run of values with the same code, with the importances of its values and the values times theirs summed up.
   * @param codeOf a code that does not fall where the value rises
   */
  eachRun(
    codeOf: (value: number) => number,
    visit: (code: number, mass: number, first: number, second: number) => void,
  ): void {
    const values = this.#values;
    const n = values.length;
    for (let from = 0; from < n; ) {
      const code = codeOf(values[from]);
      // In doubling steps, since runs may be short or long.
      let low = from + 1;
      let high = low;
      for (let step = 1; high < n && codeOf(values[high]) === code; step *= 2) {
        low = high + 1;
        high = low + step;
      }
      high = Math.min(high, n);
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (codeOf(values[middle]) === code) low = middle + 1;
        else high = middle;
      }
      visit(
        code,
        this.#mass[low] - this.#mass[from],
        this.#first[low] - this.#first[from],
        this.#second[low] - this.#second[from],
      );
      from = low;
    }
  }

  /** The sum of squared errors of a quantizer, to the digits that running sums leave. */
  squaredError(codeOf: (value: number) => number, levelOf: (code: number) => number): number {
    let sum = 0;
    this.eachRun(codeOf, (code, mass, first, second) => {
      const level = levelOf(code);
      sum += second - 2 * level * first + level * level * mass;
    });
    return sum;
  }
}
