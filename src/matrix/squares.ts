import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";

/** How pictures lie in the columns, and how they are pooled. */
export interface PoolOptions {
  /** Pixels a line; the columns are line after line. */
  readonly width: number;
  /** The side of the squares whose mean becomes one column. Default 2. */
  readonly by?: number;
}

/** The complete record of {@link PoolOptions}. */
export type Pooling = Required<PoolOptions>;

/**
 * Checks options against the number of columns.
 * @throws `unknown-option`, `invalid-option` where the columns are not whole lines
 */
export function parsePooling(options: PoolOptions, columns: number): Pooling {
  checkKeys(options, ["width", "by"], "pool");
  const width = checkNumber(options.width, "width", { min: 1, max: columns, integer: true });
  const by = checkNumber(options.by ?? 2, "by", { min: 1, integer: true });
  if (columns % width !== 0) {
    fail("invalid-option", {
      thing: "width",
      value: width,
      expected: `a divisor of the ${columns} columns`,
    });
  }
  return { width, by };
}

/** The squares of pixels of pictures, numbered line after line. Pixels beyond the last whole square make smaller ones. */
export class Squares {
  readonly height: number;
  /** Squares a line. */
  readonly across: number;
  readonly count: number;

  constructor(
    columns: number,
    readonly pooling: Pooling,
  ) {
    const { width, by } = pooling;
    this.height = columns / width;
    this.across = Math.ceil(width / by);
    this.count = this.across * Math.ceil(this.height / by);
  }

  /** The square of a column. */
  of(column: number): number {
    const { width, by } = this.pooling;
    return Math.floor(Math.floor(column / width) / by) * this.across + Math.floor((column % width) / by);
  }

  /** The line of squares that a square is in. */
  lineOf(square: number): number {
    return Math.floor(square / this.across);
  }

  /** The lines of pixels that a line of squares holds. */
  linesOf(line: number): { from: number; to: number } {
    const { by } = this.pooling;
    return { from: line * by, to: Math.min((line + 1) * by, this.height) };
  }

  /** The pixels of a line that a square holds. */
  acrossOf(square: number): { from: number; to: number } {
    const { width, by } = this.pooling;
    const from = (square % this.across) * by;
    return { from, to: Math.min(from + by, width) };
  }

  /** How many columns a square holds. */
  size(square: number): number {
    const lines = this.linesOf(this.lineOf(square));
    const pixels = this.acrossOf(square);
    return (lines.to - lines.from) * (pixels.to - pixels.from);
  }
}
