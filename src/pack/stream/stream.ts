import type { BitModels, Frequencies } from "./learned";

/**
 * A stream of range-coded values, written or read by the same calls: each takes the value to write and returns it, or,
 * when reading, ignores what it is given and returns what the stream holds. So the format is described once, and
 * writer and reader can't differ.
 */
export abstract class Stream {
  /** Whether values come from the stream. */
  abstract readonly reading: boolean;
  /** The bits that all values so far have taken, fractions included. */
  abstract readonly spent: number;

  /** One of `count` values that are equally likely; `count` up to 2^16. */
  abstract uniform(value: number, count: number): number;

  /** A bit that is 0 with the chance `zeros / total`, neither 0 nor 1; `total` up to 2^20. */
  abstract weighted(bit: number, zeros: number, total: number): number;

  /** A symbol by frequencies that learn from it. */
  abstract symbol(value: number, frequencies: Frequencies): number;

  /** Throws that what was read is not as the format says. */
  abstract wrong(expected: string): never;

  /** A truth value, as likely as not. */
  flag(value: boolean): boolean {
    return this.uniform(Number(value), 2) === 1;
  }

  /** An integer below `2 ** width`, all equally likely; `width` up to 53. */
  bits(value: number, width: number): number {
    let read = 0;
    let unit = 1;
    for (let left = width; left > 0; left -= 16) {
      const count = left < 16 ? 1 << left : 65_536;
      read += this.uniform(Math.floor(value / unit) % count, count) * unit;
      unit *= count;
    }
    return read;
  }

  /** An integer from 0 to `most`, small ones in fewer bits: its length in bits, then all bits but the first. */
  number(value: number, most: number): number {
    const length = this.uniform(lengthOf(value), lengthOf(most) + 1);
    if (length === 0) return 0;
    const top = 2 ** (length - 1);
    const read = top + this.bits(value - top, length - 1);
    return read <= most ? read : this.wrong(`an integer up to ${most}`);
  }

  /** A bit by a model that learns from it. */
  learned(bit: number, models: BitModels, at: number): number {
    const read = this.weighted(bit, models.zeros[at], models.zeros[at] + models.ones[at]);
    models.saw(at, read);
    return read;
  }
}

/** The number of bits of a whole number; none for 0. */
export function lengthOf(value: number): number {
  let length = 0;
  for (let left = value; left >= 1; left = Math.floor(left / 2)) length++;
  return length;
}
