import { Arena } from "../../simd/memory";

/** The most bytes of memory that are kept for the next fit; the engine is slow to free what is let go. */
export const kept: number = 2 ** 30;

/** A memory that is used again and again, unless a job made it larger than `most` bytes. */
export class Spare {
  readonly #most: number;
  #arena: Arena | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** The memory, or a new one where it is in use. */
  take(): Arena {
    const arena = this.#arena ?? new Arena();
    this.#arena = undefined;
    return arena;
  }

  /** Gives a memory back that nothing works on any more. */
  giveBack(arena: Arena): void {
    arena.clear();
    if (arena.memory.buffer.byteLength <= this.#most) this.#arena = arena;
  }
}

/** The memory of jobs in threads. */
export const spare: Spare = new Spare(kept);
/** The memory of small jobs, done at once. */
export const scratch: Spare = new Spare(2 ** 26);
