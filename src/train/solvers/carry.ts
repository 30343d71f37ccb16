import type { Arena } from "../../simd/memory";
import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";
import { ColumnCounts } from "./column-counts";
import { Lead } from "./lead";
import type { LiveSet } from "./live-set";
import { RowGroups } from "./row-groups";
import { Screen } from "./screen";
import type { Reading } from "./working-set";

/** Strengths of a path that a working set is to last for, about, and the least share of the norm that this may leave. */
const lasting = 2;
const leastHold = 0.5;
/** Looks at all columns, or working sets, that are worth a copy of the data by columns. */
const patience = 8;

/** What one fit leaves to the next of a path. */
export class Carry {
  /** The loss at the last point; `NaN` before the first fit. */
  loss: number = Number.NaN;
  /** The correlations there with the dual point. */
  readonly correlations: Float64Array;
  /** The last working set, for as long as the loss is moved by no other. */
  live: LiveSet | null = null;
  /**
   * The share of a block's norm that must hold it at zero for it to be left out of the next working set: the sequential strong
   * rule of a path whose strength falls (Tibshirani et al., 2012); 1 outside of paths.
   */
  hold = 1;
  /** What the curvatures of the next fit follow from; `null` outside of paths. */
  readonly lead: Lead | null;
  /** Stored values of each column. */
  readonly counts: ColumnCounts;
  /** Where working sets lie, which outlive a fit. */
  readonly beside: Design;
  readonly #home: Arena;
  readonly #design: Design;
  readonly #start: readonly [number, number];
  readonly #fits: number;
  #lambda = 0;
  #stride = 0;
  #pace = 0;
  #sets = 0;
  #looks = 0;
  #screen: Screen | null = null;
  #groups: RowGroups | null = null;

  /** @param fits that are to come, about */
  constructor(design: Design, outputs: number, fits: number = 1) {
    const { arena } = design;
    this.#design = design;
    this.#fits = fits;
    this.correlations = design.parameters(outputs);
    this.counts = new ColumnCounts(design);
    const paired = fits > 1 && outputs === 1;
    this.lead = paired ? new Lead(design) : null;
    this.#home = arena;
    this.beside = design.beside(arena.lend());
    this.#start = this.beside.arena.mark();
  }

  /** Tells the strength of the next fit, from which `hold` and the pace of the path follow. */
  weaken(lambda: number): void {
    const falls = lambda < this.#lambda;
    this.hold = falls ? Math.max(leastHold, (lambda / this.#lambda) ** lasting) : 1;
    const stride = falls ? Math.log(this.#lambda / lambda) : 0;
    this.#pace = this.#stride > 0 ? stride / this.#stride : 0;
    this.#stride = stride;
    this.#lambda = lambda;
  }

  /** Marks where a fit begins, at the loss's last point. */
  begin(loss: CurvedLoss): void {
    this.lead?.mark(loss, this.#pace);
  }

  /**
   * Counts a look at all columns: what does it by column, where there are many looks and the shape suits it, or `null`.
   */
  look(): Screen | null {
    const often = ++this.#looks > patience || this.#fits > patience;
    if (this.#screen === null && often && Screen.suits(this.#design))
      this.#screen = new Screen(this.#design, this.correlations);
    return this.#screen;
  }

  /** Counts a working set, of compressed columns of a loss: how it should be read. */
  reading(loss: CurvedLoss): Reading {
    if (loss.elsewhere !== undefined) {
      if (this.#groups === null && RowGroups.suits(this.#design)) {
        this.#groups = new RowGroups(this.#design, this.counts, this.#fits > patience);
      }
      if (this.#groups !== null) return this.#groups;
    }
    const often = ++this.#sets > patience || this.#screen !== null;
    return this.#design.matrix[0] !== 0 && often ? "columns" : "rows";
  }

  /** Lets go of the working set. */
  drop(): void {
    this.live = null;
    this.beside.arena.rewind(this.#start);
  }

  /** Leaves the room of the working set to others; the carry is of no use any more. */
  close(): void {
    this.drop();
    this.#screen?.close();
    this.#groups?.close();
    this.#home.takeBack(this.beside.arena);
  }
}
