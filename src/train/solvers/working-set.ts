import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";
import type { BlockTerms, CompositePenalty } from "../penalties/composite";
import { gathered, selected, taken } from "./chosen-columns";
import type { ColumnCounts } from "./column-counts";
import type { Lead } from "./lead";
import { RowGroups } from "./row-groups";

/**
 * Where the columns of a set are read: row after row, column after column of all data, not copied but dense as they are, or by
 * groups of rows that are alike, and by columns where that does not pay.
 */
export type Reading = "rows" | "columns" | "whole" | RowGroups;

/** About the residuals' mass that an intercept's violation is a share of. */
const mass = 0.1;

/**
 * Some blocks of a penalty and the intercepts: their columns compressed, the loss on these alone, and their penalty as
 * kernels take it. Parameters are numbered anew: those of the blocks, ascending, then the free intercepts. All arrays lie in the
 * design's arena and are let go with it.
 */
export class WorkingSet {
  readonly design: Design;
  readonly loss: CurvedLoss;
  readonly outputs: number;
  /** The numbers of the blocks in the penalty, ascending, those of the intercepts left out. */
  readonly chosen: Uint32Array;
  /** The number of parameters. */
  readonly size: number;
  /** The number of blocks; each intercept is one. */
  readonly blocks: number;
  /** The number of each parameter in the full table. */
  readonly parameters: Uint32Array;
  /** The column of each parameter; that of the intercepts is one beyond the last. */
  readonly features: Uint32Array;
  readonly classes: Uint32Array;
  /** The place of the intercept of each parameter's class, its own for an intercept; `null` without intercepts. */
  readonly intercepts: Uint32Array | null;
  /** Offsets of the blocks, then the numbers of their parameters. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly units: Float64Array;
  /** The parameters of the longest block. */
  readonly longest: number;
  /** Stored values of the columns of all parameters. */
  readonly work: number;
  /** Whether the design has the columns of the set, dense. */
  readonly whole: boolean;
  readonly #table: Float64Array;
  readonly #slopes: Float64Array;
  /** The loss of all rows and columns, and the groups of rows that the set's loss has instead. */
  readonly #all: CurvedLoss;
  readonly #groups: RowGroups | null = null;

  /**
   * @param counts stored values of each column; `null` where it is read whole
   * @param blocks numbers of blocks, ascending
   * @param free whether the intercepts vary
   * @param reading by columns it is quicker, but for the first time; whole for dense rows, one output and blocks of one parameter
   */
  constructor(
    full: Design,
    loss: CurvedLoss,
    penalty: CompositePenalty,
    counts: ColumnCounts | null,
    blocks: Uint32Array,
    free: boolean,
    reading: Reading,
  ) {
    const { arena, columns } = full;
    const K = loss.outputs;
    this.outputs = K;
    const terms = penalty.terms(blocks, arena);
    const own = terms.members.length;
    const intercepts = free ? K : 0;
    this.size = own + intercepts;
    this.blocks = blocks.length + intercepts;
    this.parameters = arena.integers(this.size);
    this.parameters.set(terms.members);
    if (!isAscending(terms.members)) this.parameters.subarray(0, own).sort();
    this.chosen = blocks;
    this.whole = reading === "whole";
    const found: number[] = [];
    this.features = arena.integers(this.size);
    this.classes = arena.integers(this.size);
    let nonzeros = 0;
    let work = 0;
    for (let a = 0; a < own; a++) {
      const column = Math.floor(this.parameters[a] / K);
      if (found[found.length - 1] !== column) {
        found.push(column);
        nonzeros += counts?.of(column) ?? full.rows;
      }
      work += counts?.of(column) ?? full.rows;
      this.features[a] = found.length - 1;
      this.classes[a] = this.parameters[a] % K;
    }
    for (let k = 0; k < intercepts; k++) {
      this.parameters[own + k] = columns * K + k;
      this.features[own + k] = found.length;
      this.classes[own + k] = k;
    }
    this.intercepts = free ? arena.integers(this.size) : null;
    for (let a = 0; free && a < this.size; a++) this.intercepts![a] = own + this.classes[a];
    const merged =
      reading instanceof RowGroups && loss.elsewhere !== undefined ? reading.merged(full, found) : null;
    this.work = merged?.nonzeros ?? work;
    this.#all = loss;
    if (merged !== null) {
      this.#groups = reading as RowGroups;
      this.design = merged;
      this.loss = loss.elsewhere!(merged);
    } else {
      const all = this.whole && found.length === columns;
      if (all) this.design = full;
      else if (this.whole) this.design = full.withColumns(taken(full, found), full.rows * found.length);
      else if (reading === "rows")
        this.design = full.withColumns(selected(full, found, counts!).matrix, nonzeros);
      else this.design = full.withColumns(gathered(full, found, nonzeros), nonzeros);
      this.loss = all ? loss : loss.within(this.design);
    }
    this.#table = this.design.parameters(K);
    this.#slopes = this.design.parameters(K);

    let rank: Map<number, number> | undefined;
    const rankOf = (j: number) => {
      rank ??= new Map(Array.from(this.parameters, (parameter, a) => [parameter, a]));
      return rank.get(j)!;
    };
    this.starts = arena.integers(this.blocks + 1);
    this.starts.set(terms.starts);
    this.members = arena.integers(this.size);
    this.units = arena.floats(this.size).fill(1);
    terms.members.forEach((j, at) => {
      const a = this.parameters[at] === j ? at : rankOf(j);
      this.members[at] = a;
      this.units[a] = terms.units[at];
    });
    for (let k = 0; k < intercepts; k++) {
      this.members[own + k] = own + k;
      this.starts[blocks.length + k + 1] = own + k + 1;
    }
    this.l1 = arena.floats(this.blocks);
    this.l2 = arena.floats(this.blocks);
    this.lower = arena.floats(this.blocks).fill(Number.NEGATIVE_INFINITY);
    this.upper = arena.floats(this.blocks).fill(Number.POSITIVE_INFINITY);
    this.#take(terms);
    let longest = 1;
    for (let b = 0; b < this.blocks; b++) longest = Math.max(longest, this.starts[b + 1] - this.starts[b]);
    this.longest = longest;
  }

  /** Whether all of some blocks, ascending, are among these. */
  covers(blocks: Uint32Array): boolean {
    let at = 0;
    for (const b of blocks) {
      while (at < this.chosen.length && this.chosen[at] < b) at++;
      if (this.chosen[at] !== b) return false;
    }
    return true;
  }

  /** Takes another strength of the penalty. */
  penalise(penalty: CompositePenalty): void {
    const { arena } = this.design;
    const mark = arena.mark();
    this.#take(penalty.terms(this.chosen, arena));
    arena.rewind(mark);
  }

  /** Moves the loss to `u`, writes its gradient to `g`, and returns it. */
  gradient(u: Float64Array, g: Float64Array): number {
    for (let a = 0; a < this.size; a++) this.#table[this.#place(a)] = u[a];
    const value = this.loss.gradient(this.#table, this.#slopes.fill(0));
    for (let a = 0; a < this.size; a++) g[a] = this.#slopes[this.#place(a)];
    return value;
  }

  /** Tells the loss of all columns the point, where it does not share it. */
  settle(): void {
    this.#groups?.spread(this.loss, this.#all);
  }

  /** Moves the loss's curvatures halfway to the next point of a path; they stay so until the next {@link gradient}. */
  lead(lead: Lead): void {
    lead.halfway(this.loss, this.#groups?.firsts ?? null);
  }

  /** Takes the last point of the loss of all columns, whose weights beside the set's are zero, and writes the gradient to `g`. */
  slopes(g: Float64Array): void {
    this.#groups?.collect(this.#all, this.loss);
    this.loss.correlate(this.#slopes.fill(0), false);
    for (let a = 0; a < this.size; a++) g[a] = this.#slopes[this.#place(a)];
  }

  /** Writes the diagonal of the loss's Hessian at the last point to `d`. */
  diagonal(d: Float64Array): void {
    this.loss.diagonal(this.#slopes.fill(0));
    for (let a = 0; a < this.size; a++) d[a] = this.#slopes[this.#place(a)];
  }

  /** The penalty at `u`. */
  penalty(u: Float64Array): number {
    let sum = 0;
    for (let b = 0; b < this.blocks; b++) {
      const norm = this.#norm(b, u);
      if (norm !== 0) sum += this.l1[b] * norm + (this.l2[b] / 2) * norm * norm;
    }
    return sum;
  }

  /**
   * How far `u`, with the loss and its gradient `g`, is from the best of these blocks: the greatest violation, and about
   * what the duality gap would be, with the residuals scaled down by the violations of norms and taken as they are by those of
   * squares and bounds.
   */
  distance(u: Float64Array, g: Float64Array, loss: number): { violation: number; gap: number } {
    let violation = 0;
    let gap = 0;
    let norms = 0;
    let scaled = 0;
    for (let b = 0; b < this.blocks; b++) {
      const excess = Math.max(0, this.#excess(b, u, g));
      const norm = this.#norm(b, u);
      violation = Math.max(violation, excess);
      norms += this.l1[b] * norm;
      const range = Math.max(this.upper[b] - norm, norm - this.lower[b]);
      const own = excess * Math.min(this.l2[b] > 0 ? excess / (2 * this.l2[b]) : range, range);
      if (Number.isFinite(own)) gap += own;
      else {
        gap += excess * norm;
        scaled = Math.max(scaled, excess / (this.l1[b] > 0 ? this.l1[b] : mass));
      }
    }
    scaled = Math.min(1, scaled);
    return { violation, gap: gap + norms * scaled + loss * scaled * scaled };
  }

  #take({ l1, l2, lower, upper }: BlockTerms): void {
    this.l1.set(l1);
    this.l2.set(l2);
    this.lower.set(lower);
    this.upper.set(upper);
  }

  #excess(b: number, u: Float64Array, g: Float64Array): number {
    const from = this.starts[b];
    if (this.starts[b + 1] - from > 1) {
      const norm = this.#norm(b, u);
      const pull = norm === 0 ? 0 : this.l1[b] / norm + this.l2[b];
      let sum = 0;
      for (let at = from; at < this.starts[b + 1]; at++) {
        const a = this.members[at];
        sum += (g[a] * this.units[a] + (pull * u[a]) / this.units[a]) ** 2;
      }
      return Math.sqrt(sum) - (norm === 0 ? this.l1[b] : 0);
    }
    const a = this.members[from];
    const slope = g[a] + this.l2[b] * u[a];
    const right = u[a] < this.upper[b] ? -slope - (u[a] >= 0 ? this.l1[b] : -this.l1[b]) : 0;
    const left = u[a] > this.lower[b] ? slope + (u[a] > 0 ? this.l1[b] : -this.l1[b]) : 0;
    return Math.max(right, left, 0);
  }

  #norm(b: number, u: Float64Array): number {
    const from = this.starts[b];
    const to = this.starts[b + 1];
    if (to - from === 1) return Math.abs(u[this.members[from]]);
    let sum = 0;
    for (let at = from; at < to; at++) {
      const a = this.members[at];
      sum += (u[a] / this.units[a]) ** 2;
    }
    return Math.sqrt(sum);
  }

  #place(a: number): number {
    return this.features[a] * this.outputs + this.classes[a];
  }
}

function isAscending(numbers: Uint32Array): boolean {
  for (let n = 1; n < numbers.length; n++) if (numbers[n] < numbers[n - 1]) return false;
  return true;
}
