import type { Heap } from "./heap";

/** A matrix in memory as its five numbers, with its rows read one value at a time. */
export class Rows {
  constructor(
    readonly heap: Heap,
    readonly pointers: number,
    readonly indices: number,
    readonly values: number,
    readonly columns: number,
  ) {}

  /** Where row `i` begins among the stored values. */
  begin(i: number): number {
    return this.pointers === 0 ? i * this.columns : this.heap.u32[this.pointers / 4 + i];
  }

  /** The column of stored value `k` of row `i`. */
  column(i: number, k: number): number {
    return this.pointers === 0 ? k - i * this.columns : this.heap.u32[this.indices / 4 + k];
  }

  value(k: number): number {
    return this.values === 0 ? 1 : this.heap.f32[this.values / 4 + k];
  }

  /** Row `i` times output `o` of a table of parameters, its intercept included. */
  margin(i: number, outputs: number, o: number, w: number): number {
    const { f64 } = this.heap;
    let sum = 0;
    for (let k = this.begin(i); k < this.begin(i + 1); k++) {
      sum += this.value(k) * f64[w / 8 + this.column(i, k) * outputs + o];
    }
    return sum + f64[w / 8 + this.columns * outputs + o];
  }

  /** Adds `r` times row `i` to output `o` of a table of parameters, and `r` to its intercept. */
  add(i: number, outputs: number, o: number, r: number, g: number): void {
    const { f64 } = this.heap;
    for (let k = this.begin(i); k < this.begin(i + 1); k++) {
      f64[g / 8 + this.column(i, k) * outputs + o] += r * this.value(k);
    }
    f64[g / 8 + this.columns * outputs + o] += r;
  }
}
