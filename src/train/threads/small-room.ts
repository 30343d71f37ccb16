import { loadKernels } from "../../simd/load";
import { Arena } from "../../simd/memory";
import { Design } from "../design";
import type { Rows } from "./run";

/** The most bytes of memory that are kept. */
const most = 2 ** 26;

/** A design whose rows may be written over, and where in the arena its own room ends. */
interface Kept {
  readonly design: Design;
  readonly end: readonly [number, number];
}

/**
 * A memory for jobs that are done at once, one after another. A notebook fits to the same table again and again: rows of the shape of
 * the last ones are copied to where these lie, and what leads there is not made anew.
 */
export class SmallRoom {
  #arena: Arena | undefined;
  #kept: Kept | undefined;

  /** Does work on a design of rows. */
  with<T>(rows: Rows, work: (design: Design) => T): T {
    const kept = this.#kept;
    const arena = this.#arena ?? new Arena();
    this.#arena = undefined;
    this.#kept = undefined;
    try {
      const next = kept?.design.refill(rows) === true ? kept : placed(rows, arena);
      const found = work(next.design);
      if (next.design.refillable) this.#kept = next;
      return found;
    } finally {
      this.#keep(arena);
    }
  }

  #keep(arena: Arena): void {
    if (arena.bytes > most) this.#kept = undefined;
    else this.#arena = arena;
    if (this.#kept === undefined) arena.clear();
    else arena.rewind(this.#kept.end);
  }
}

function placed({ features, labels, shares }: Rows, arena: Arena): Kept {
  arena.clear();
  const design = Design.of(features, labels, shares, loadKernels, arena, true);
  return { design, end: arena.mark() };
}
