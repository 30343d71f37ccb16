import type { Design } from "../design";
import { type DualState, penaltyOf } from "./dual-state";

/** Stored values in one call of the kernel: few enough to hear of cancellation, and for the engine to optimise early. */
const blockValues = 262144;
/** The mean number of stored values of a row from which on it is moved together with others. */
const long = 128;
/** Rows that are moved at a time, each as if it were alone: as many as the nearest cache holds. */
const most = 8;
/** The share of the rows that this may be, at most. */
const few = 1 / 32;
/** The share of what moves of single rows bend the penalty by, which those of others with them may add. */
const tolerable = 0.5;
/** Calls of the kernel that one thread does alone where the other one was not running. */
const apart = 8;
/** What the kernel is told where one thread does all. */
const alone = 2;
/** Integers in which two threads meet. */
const meeting = 528;

/**
 * Ascends the dual by row after row. Long sparse rows are moved eight at a time, each as if it were alone, as long as they hardly
 * meet in the columns, so that two threads may have half of the columns each and yet seldom wait for each other: the
 * steps are those of few machines of small batches (Takac, Bijral, Richtarik and Srebro, 2013), and the same on one thread.
 */
export class Visits {
  /** The divergence of each row's dual variable from its margin as met. */
  readonly divergences: Float64Array;
  /** The sum of the divergences and the loss as met of the last visits; then the penalty; then what single moves bent it by. */
  readonly sums: Float64Array;
  readonly #state: DualState;
  readonly #block: number;
  readonly #helped: boolean;
  readonly #meeting: Uint32Array;
  /** Norms, dual variables and logits of the second thread, which would wait for those that the first one writes. */
  readonly #twins: readonly Float64Array[];
  #stale = true;
  #together: number;
  #alone = 0;

  constructor(state: DualState) {
    const { design } = state;
    const { arena, rows, given, team } = design;
    this.#state = state;
    this.divergences = arena.floats(rows);
    this.sums = arena.floats(4);
    const stored = storedValues(design);
    this.#block = Math.max(16, Math.floor((blockValues * rows) / (1 + stored)));
    const many = given.halves !== 0 && stored >= long * rows;
    this.#together = many ? Math.max(1, Math.min(most, Math.floor(few * rows))) : 1;
    this.#helped = team.helped && this.#together > 1;
    this.#meeting = arena.integers(meeting);
    this.#twins = this.#helped ? [0, 1, 2].map(() => arena.floats(rows)) : [];
  }

  /** How many rows apart from each other an order should begin at, so that those that are moved at a time lie far apart; 1 for any order. */
  get lanes(): number {
    return this.#state.design.given.mixed ? this.#together : 1;
  }

  /**
   * Visits rows in an order that lies in the arena.
   * @param drift what the intercept moves by for each unit of the sum of the dual variables
   * @param heard called after the visits of some
   */
  visit(order: Uint32Array, drift: () => number, heard: (some: Uint32Array) => void): void {
    this.sums.fill(0, 0, 2);
    this.sums[3] = 0;
    for (let from = 0; from < order.length; from += this.#block) {
      const some = order.subarray(from, from + this.#block);
      this.#call(some, drift());
      // Where rows meet in most columns it shows at once, and is not to go on for a whole round.
      if (from === 0 || from + this.#block >= order.length) this.#settle();
      heard(some);
    }
  }

  /** Calls the kernel, on two threads where both run. */
  #call(order: Uint32Array, drift: number): void {
    const { team } = this.#state.design;
    const { norms, alphas, logits } = this.#state;
    const own = [norms, alphas, logits];
    if (!this.#helped || this.#together === 1 || this.#alone > 0 || !team.attended) {
      this.#alone--;
      this.#stale = true;
      team.runBeside("dualAscent", this.#arguments(order, drift, own, alone));
      return;
    }
    if (this.#stale) {
      this.#twins.forEach((twin, n) => {
        twin.set(own[n]);
      });
    }
    this.#meeting.fill(0);
    const [first, second] = [own, this.#twins].map((views, half) =>
      this.#arguments(order, drift, views, half),
    );
    const answer = team.runBeside("dualAscent", first, second, this.#meeting.byteOffset);
    this.#stale = answer === 0;
    this.#alone = answer === 1 ? 0 : apart;
  }

  #arguments(order: Uint32Array, drift: number, own: readonly Float64Array[], half: number): number[] {
    const { design, positive, inverses, inverse, w } = this.#state;
    const [pointers, indices, values, , columns] = design.matrix;
    const [norms, alphas, logits] = own.map((view) => view.byteOffset);
    return [
      ...[pointers, design.given.halves, indices, values, columns],
      ...[order.byteOffset, order.length, this.#together, design.labels.byteOffset, positive],
      ...[design.shares.byteOffset, inverses?.byteOffset ?? 0, inverse, drift, norms, alphas, logits],
      ...[w.byteOffset, this.divergences.byteOffset, this.sums.byteOffset, this.#meeting.byteOffset, half],
    ];
  }

  /**
   * Takes the penalty, which grew by what rows that were moved together have in common, too; where that is much, they are moved one
   * after another from now on, since together they may go too far.
   */
  #settle(): void {
    if (this.#together === 1) return;
    const penalty = penaltyOf(this.#state);
    if (penalty - this.sums[2] > tolerable * this.sums[3]) this.#together = 1;
    this.sums[2] = penalty;
    this.sums[3] = 0;
  }
}

function storedValues({ matrix, arena, rows, columns }: Design): number {
  if (matrix[0] === 0) return rows * columns;
  return new Uint32Array(arena.memory.buffer, matrix[0], rows + 1)[rows];
}
