import { totalmem } from "node:os";
import { Arena } from "../../simd/memory";
import type { DesignPlace } from "../design";
import type { LayoutTask } from "../layout";
import type { Rows } from "./run";

/**
 * The most bytes of memory that are kept for the next fit: an eighth of the machine's, but 1 GB at least. The engine is slow to free
 * what is let go, and the next fit to the same data would copy and lay them out again.
 */
export const kept: number = Math.max(2 ** 30, totalmem() / 8);

/** Rows as they lie in a memory, and the fingerprint of what their arrays held when they were copied. */
interface Laid {
  readonly place: DesignPlace;
  readonly fingerprint: number;
}

/** A memory to work in, and where in it the rows lie that are asked for, if they do. */
interface Room {
  readonly arena: Arena;
  /** To be used only where the arrays have this fingerprint still, since a caller may write into them. */
  readonly laid: Laid | null;
}

/** What a memory holds between fits: rows as they were laid out, known by the arrays that they are copies of. */
interface Held extends Laid {
  readonly features: WeakRef<object>;
  readonly labels: WeakRef<object>;
  readonly shares: Float64Array;
  readonly task: LayoutTask;
  /** How much of the memory they take. */
  readonly height: number;
}

/** A memory that is used again and again, unless a job made it larger than `most` bytes. */
class Spare {
  readonly #most: number;
  #arena: Arena | undefined;
  #held: Held | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** The memory, or a new one where it is in use; with the rows of the last fit where these are asked for again. */
  take(rows?: Rows, task?: LayoutTask): Room {
    const held = this.#held;
    const arena = this.#arena ?? new Arena();
    this.#arena = undefined;
    this.#held = undefined;
    if (held !== undefined && rows !== undefined && task !== undefined && isSame(held, rows, task)) {
      return { arena, laid: held };
    }
    arena.clear();
    return { arena, laid: null };
  }

  /**
   * Gives a memory back that nothing works on any more.
   * @param rows laid out at `place`, and there as they were; left out where nothing is
   * @param height of the memory once they were
   */
  giveBack(
    arena: Arena,
    laid?: Laid & { readonly rows: Rows; readonly task: LayoutTask; readonly height: number },
  ): void {
    if (arena.memory.buffer.byteLength > this.#most) return;
    this.#arena = arena;
    this.#held = undefined;
    if (laid === undefined) {
      arena.clear();
      return;
    }
    const { rows, task, place, fingerprint, height } = laid;
    arena.lower(height);
    const [features, labels] = [new WeakRef(rows.features), new WeakRef(rows.labels)];
    this.#held = { features, labels, shares: rows.shares, fingerprint, task, place, height };
  }
}

function isSame({ features, labels, shares, task }: Held, rows: Rows, asked: LayoutTask): boolean {
  return (
    features.deref() === rows.features &&
    labels.deref() === rows.labels &&
    task.outputs === asked.outputs &&
    task.dropEmpty === asked.dropEmpty &&
    task.asGiven === asked.asGiven &&
    shares.every((share, i) => share === rows.shares[i])
  );
}

/** The memory of jobs in threads. */
export const spare: Spare = new Spare(kept);
