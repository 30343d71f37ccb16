import { axpy } from "../vector";
import { inputRows, writeRow } from "./lines";
import { numbersOf, textOf } from "./numbers";

/**
 * Adds up slices `slice, partition, rows, sums`, sorted by slice and partition, in that order, and writes
 * `slice, partitions, rows, sums`.
 */
export function sum(): void {
  let total: Total | null = null;
  for (const [slice, part, rows, sums] of inputRows()) {
    const own = Number(slice.toString("latin1"));
    if (total === null || total.slice !== own) {
      total?.end();
      total = new Total(own);
    }
    total.add(Number(part.toString("latin1")), Number(rows.toString("latin1")), sums.toString("latin1"));
  }
  total?.end();
}

class Total {
  readonly slice: number;
  #parts = 0;
  #last = -1;
  #rows = 0;
  #sums: Float64Array | null = null;

  constructor(slice: number) {
    this.slice = slice;
  }

  add(part: number, rows: number, sums: string): void {
    if (part <= this.#last) throw new Error(`partition ${part} came after ${this.#last}`);
    this.#last = part;
    this.#parts++;
    this.#rows += rows;
    this.#sums = added(this.#sums, numbersOf(sums));
  }

  end(): void {
    writeRow(this.slice, this.#parts, this.#rows, textOf(this.#sums!));
  }
}

function added(sum: Float64Array | null, more: Float64Array): Float64Array {
  if (sum === null) return more;
  if (sum.length !== more.length) throw new Error(`${more.length} sums came, not ${sum.length}`);
  axpy(1, more, sum);
  return sum;
}
