import type { Arena } from "../../simd/memory";
import type { Design } from "../design";
import type { LiveSet } from "./live-set";

/** Strengths of a path that a working set is to last for, about, and the least share of the norm that this may leave. */
const lasting = 2;
const leastHold = 0.5;

/** What one fit leaves to the next of a path. */
export class Carry {
  /** The loss at the last point; `NaN` before the first fit. */
  loss: number = Number.NaN;
  /** The correlations there with the dual point. */
  readonly correlations: Float64Array;
  /** Stored values of each column. */
  readonly counts: Uint32Array;
  /** The working sets so far. */
  sets = 0;
  /** The last working set, for as long as the loss is moved by no other. */
  live: LiveSet | null = null;
  /**
   * The share of a block's norm that must hold it at zero for it to be left out of the next working set: the sequential strong
   * rule of a path whose strength falls (Tibshirani et al., 2012); 1 outside of paths.
   */
  hold = 1;
  /** Where working sets lie, which outlive a fit. */
  readonly beside: Design;
  readonly #home: Arena;
  readonly #start: readonly [number, number];
  #lambda = 0;

  constructor(design: Design, outputs: number) {
    const { arena, columns, kernels, matrix } = design;
    this.correlations = design.parameters(outputs);
    this.counts = arena.integers(columns);
    kernels.countColumns(...matrix, this.counts.byteOffset);
    this.#home = arena;
    this.beside = design.beside(arena.lend());
    this.#start = this.beside.arena.mark();
  }

  /** Tells the strength of the next fit, from which `hold` follows. */
  weaken(lambda: number): void {
    this.hold = lambda < this.#lambda ? Math.max(leastHold, (lambda / this.#lambda) ** lasting) : 1;
    this.#lambda = lambda;
  }

  /** Lets go of the working set. */
  drop(): void {
    this.live = null;
    this.beside.arena.rewind(this.#start);
  }

  /** Leaves the room of the working set to others; the carry is of no use any more. */
  close(): void {
    this.drop();
    this.#home.takeBack(this.beside.arena);
  }
}
