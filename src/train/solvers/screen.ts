import type { Arena } from "../../simd/memory";
import { type Block, evenBlocks } from "../blocks";
import type { Design } from "../design";
import type { DualPoint } from "../losses/curved";

/** The most rows whose numbers stay near while columns are read. */
const mostRows = 2 ** 16;
/** The most of the address space to fill for it. */
const mostBytes = 3 * 2 ** 30;

/**
 * Products of columns with a dual point that moves, of those alone that may matter: by Cauchy and Schwarz a product is within the
 * column's norm times the way of the point since it was last computed (as the sphere tests of Fercoq, Gramfort and Salmon, 2015, and
 * the look-ahead of Larsson, 2021, but each column from where it was last read). What it leaves out is proven to be at rest.
 */
export class Screen {
  readonly #design: Design;
  readonly #arena: Arena;
  readonly #correlations: Float64Array;
  readonly #r: Float64Array;
  /** The size of each product less the column's norm times the way of the point then. */
  readonly #bases: Float64Array;
  readonly #norms: Float64Array;
  readonly #corners: Float64Array;
  readonly #list: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #columns: readonly Block[];
  #way = 0;
  /** Stored values read that are not yet a whole pass. */
  #read = 0;

  /** Whether a design has rows few enough, and columns enough beside them, for its columns to be read one by one. */
  static suits({ arena, matrix, rows, columns, nonzeros }: Design): boolean {
    const fits = arena.bytes + 8 * nonzeros + 40 * columns <= mostBytes;
    return fits && matrix[0] !== 0 && rows <= mostRows && columns > 2 * rows;
  }

  /** @param correlations a number a column, for the products */
  constructor(design: Design, correlations: Float64Array) {
    const { columns, rows, nonzeros } = design;
    const arena = design.arena.lend();
    this.#design = design;
    this.#arena = arena;
    this.#correlations = correlations;
    this.#r = arena.floats(rows);
    this.#bases = arena.floats(columns).fill(Number.POSITIVE_INFINITY);
    this.#norms = arena.floats(columns);
    this.#corners = arena.floats(columns);
    this.#list = arena.integers(columns);
    const [pointers] = design.byColumns();
    const starts = new Uint32Array(arena.memory.buffer, pointers, columns + 1);
    this.#columns = evenBlocks(columns, nonzeros, starts, 1);
    this.#counts = arena.integers(this.#columns.length);
  }

  /** Leaves its room to others; it is of no use any more. */
  close(): void {
    this.#design.arena.takeBack(this.#arena);
  }

  /**
   * The columns, ascending, whose weight is not zero or whose product is above `hold` times their corner; the products of
   * these are as they are at the point, and those of others at most `hold` times their corner.
   * @param centred whether the dual points sum to zero
   */
  stirred(
    { residuals, factors: [below, above] }: DualPoint,
    w: Float64Array,
    corners: Float64Array,
    hold: number,
    centred: boolean,
  ): Uint32Array {
    const { kernels, team, rows } = this.#design;
    const [pointers, indices, values] = this.#design.byColumns();
    const r = this.#r.byteOffset;
    this.#way += Math.sqrt(kernels.tiltResiduals(rows, residuals.byteOffset, below, above, r));
    this.#corners.set(corners);
    const vectors = [this.#bases, this.#norms, this.#correlations, w, this.#corners];
    const at = vectors.map((vector) => vector.byteOffset);
    this.#read += team.run("screenColumns", this.#columns.length, (index) => {
      const { from, to } = this.#columns[index];
      return [
        ...[pointers, indices, values, rows, from, to, r, this.#way],
        ...at,
        ...[corners.length === 1 ? 0 : 8, hold, centred ? 1 : 0],
        ...[this.#list.byteOffset + 4 * from, this.#counts.byteOffset + 4 * index],
      ];
    });
    for (const { nonzeros } = this.#design; nonzeros > 0 && this.#read >= nonzeros; this.#read -= nonzeros) {
      this.#design.passes++;
    }
    const parts = this.#columns.map(({ from }, index) =>
      this.#list.subarray(from, from + this.#counts[index]),
    );
    const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      all.set(part, place);
      place += part.length;
    }
    return all;
  }
}
