import type { Arena } from "../../simd/memory";
import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";
import { selected } from "./chosen-columns";
import type { ColumnCounts } from "./column-counts";

const absent = 0xffffffff;
/** The fewest rows that are worth the trouble. */
const fewest = 4096;
/** The most of the address space to fill for it. */
const mostBytes = 3 * 2 ** 30;
/** The most groups, as a share of the rows, that save more time than they take. */
const worthwhile = 0.75;

/**
 * Rows of a matrix of ones in groups of those that have one label and are alike in some columns: to a loss of these columns a
 * group is one row. Columns that come part the groups further, in time of their ones alone (the partition refinement of Paige
 * and Tarjan, 1987), which a pass over the rows collects, or a copy of the data by columns, which takes as long as a dozen of these.
 */
export class RowGroups {
  readonly #full: Design;
  readonly #arena: Arena;
  readonly #counts: ColumnCounts;
  /** The group of each row. */
  readonly #groups: Uint32Array;
  readonly #fresh: Uint32Array;
  /** A row of each group. */
  readonly firsts: Uint32Array;
  readonly #sums: Float64Array;
  readonly #columns = new Set<number>();
  #count = 0;

  /** Whether a design may have many rows alike: one of ones, with more rows than columns. */
  static suits({ arena, matrix, rows, columns }: Design): boolean {
    const fits = arena.bytes + 80 * rows <= mostBytes;
    return fits && matrix[0] !== 0 && matrix[2] === 0 && rows >= fewest && rows > 2 * columns;
  }

  readonly #copied: boolean;

  /**
   * @param counts stored values of each column
   * @param often whether so many sets of columns are to come that a copy of the data by columns pays
   */
  constructor(full: Design, counts: ColumnCounts, often: boolean = false) {
    const { rows, nonzeros } = full;
    const arena = full.arena.lend();
    this.#full = full;
    this.#counts = counts;
    this.#copied = often && arena.bytes + 4 * nonzeros + 80 * rows <= mostBytes;
    this.#arena = arena;
    this.#groups = arena.integers(rows);
    this.#fresh = arena.integers(2 * rows);
    this.firsts = arena.integers(rows);
    this.#sums = arena.floats(rows);
    this.#begin();
  }

  /** Leaves its room to others; it is of no use any more. */
  close(): void {
    this.#full.arena.takeBack(this.#arena);
  }

  /**
   * Some columns of the rows, those in a group as one, with arrays in the given design's arena; `null` where groups are nearly as
   * many as rows.
   */
  merged(design: Design, columns: readonly number[]): Design | null {
    this.#part(design, columns);
    const { rows, labels, matrix, kernels } = this.#full;
    const count = this.#count;
    if (count > worthwhile * rows) return null;
    const { arena } = design;
    const own = arena.room(Uint32Array, count);
    const shares = arena.copy(this.#sums.subarray(0, count));
    for (let n = 0; n < count; n++) own[n] = labels[this.firsts[n]];
    const pointers = arena.room(Uint32Array, count + 1);
    const [from, indices] = matrix;
    const most = columns.reduce((sum, column) => sum + this.#counts.of(column), 0);
    const to = arena.room(Uint32Array, most);
    const mark = arena.mark();
    const places = arena.integers(this.#full.columns).fill(absent);
    columns.forEach((column, place) => {
      places[column] = place;
    });
    const chosen = this.firsts.byteOffset;
    const out = [places.byteOffset, pointers.byteOffset, to.byteOffset] as const;
    const nonzeros = kernels.selectRows(from, indices, chosen, count, ...out);
    arena.rewind(mark);
    return design.at({
      ...design.place,
      matrix: [pointers.byteOffset, to.byteOffset, 0, count, columns.length],
      nonzeros,
      labels: own.byteOffset,
      shares: shares.byteOffset,
      given: { ...design.given, order: 0, halves: 0, sums: 0 },
    });
  }

  /** Moves the loss of all rows to where the loss of the groups, by one weight a row, is. */
  spread(groups: CurvedLoss, all: CurvedLoss): void {
    const [from, to] = [groups.curvature(), all.curvature()];
    if (from.kind !== "rows" || to.kind !== "rows") throw new TypeError("not a loss of one output");
    const full = this.#full;
    const blocks = full.blocks(1);
    const read = [this.#sums, from.residuals, from.curvatures].map((view) => view.byteOffset);
    full.team.run("spreadGroups", blocks.length, (index) => {
      const first = blocks[index].from;
      const wide = (view: Float64Array) => view.byteOffset + 8 * first;
      return [
        ...[blocks[index].to - first, wide(full.shares), this.#groups.byteOffset + 4 * first],
        ...[...read, wide(to.residuals), wide(to.curvatures)],
      ];
    });
    all.follow?.(groups);
  }

  /** Moves the loss of the groups to where the loss of all rows, by weights of columns of the groups, is. */
  collect(all: CurvedLoss, groups: CurvedLoss): void {
    const [from, to] = [all.curvature(), groups.curvature()];
    if (from.kind !== "rows" || to.kind !== "rows") throw new TypeError("not a loss of one output");
    const { kernels, shares } = this.#full;
    const read = [shares, this.firsts, this.#sums, from.residuals, from.curvatures];
    const [s, firsts, sums, r, h] = read.map((view) => view.byteOffset);
    kernels.collectGroups(
      this.#count,
      s,
      firsts,
      sums,
      r,
      h,
      to.residuals.byteOffset,
      to.curvatures.byteOffset,
    );
  }

  #begin(): void {
    this.#columns.clear();
    this.#groups.set(this.#full.labels);
    this.#count = this.#fresh.length;
    this.#number();
  }

  #number(): void {
    const { kernels, rows, shares } = this.#full;
    const used = this.#fresh.subarray(0, this.#count).fill(0);
    const own = [this.#groups, used, this.firsts, this.#sums] as const;
    const [groups, numbers, firsts, sums] = own.map((view) => view.byteOffset);
    this.#count = kernels.numberGroups(rows, shares.byteOffset, groups, numbers, firsts, sums);
    used.fill(0);
  }

  /** @param design of which the rows are read, in whose arena there is room for the columns */
  #part(design: Design, columns: readonly number[]): void {
    const wanted = new Set(columns);
    let stale = 0;
    for (const column of this.#columns) if (!wanted.has(column)) stale++;
    if (2 * stale > columns.length) this.#begin();
    const fresh = columns.filter((column) => !this.#columns.has(column));
    if (fresh.length === 0) return;
    this.#refine(design, fresh);
    this.#number();
  }

  #refine(design: Design, fresh: readonly number[]): void {
    const { arena, kernels, rows } = design;
    const mark = arena.mark();
    const [pointers, members] = this.#copied ? this.#full.byColumns() : this.#collected(design, fresh);
    const places = this.#copied ? this.#full.columns : fresh.length;
    const starts = new Uint32Array(arena.memory.buffer, pointers, places + 1);
    fresh.forEach((column, n) => {
      this.#columns.add(column);
      const place = this.#copied ? column : n;
      const [from, to] = [starts[place], starts[place + 1]];
      if (this.#count + to - from > 2 * rows) this.#number();
      const at = [this.#groups.byteOffset, this.#count, this.#fresh.byteOffset] as const;
      this.#count = kernels.splitGroups(members, from, to, ...at);
    });
    arena.rewind(mark);
  }

  /** The rows of some columns, one column after another. */
  #collected(design: Design, columns: readonly number[]): readonly [number, number] {
    const { arena, kernels } = design;
    const { matrix, nonzeros } = selected(design, columns, this.#counts);
    const pointers = arena.integers(columns.length + 2).byteOffset;
    const members = arena.room(Uint32Array, nonzeros).byteOffset;
    kernels.transpose(...matrix, pointers, members, 0);
    return [pointers, members];
  }
}
