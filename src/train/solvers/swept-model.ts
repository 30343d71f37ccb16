import { majorizing } from "./majorizer";
import type { WorkingSet } from "./working-set";

type Places = readonly [number, number, number, number, number, number, number, number, number, number];

/** The arguments that all sweeps have first, see `Kernels.descendGram`. */
type CommonArguments = readonly [list: number, count: number, ...Places];

/** What all models keep: weights, their start, the majorizer, and the kernels' common arguments. */
export abstract class SweptModel {
  readonly u: Float64Array;
  protected readonly set: WorkingSet;
  protected readonly start: Float64Array;
  protected readonly g: Float64Array;
  protected readonly d: Float64Array;
  /** Where the arrays lie that all sweeps take; to ask each takes as long as a short sweep. */
  readonly #places: Places;
  readonly #factors: Float64Array | null;
  #fullFactors: Float64Array | undefined;

  constructor(set: WorkingSet) {
    const { arena } = set.design;
    this.set = set;
    this.u = arena.floats(set.size);
    this.start = arena.floats(set.size);
    this.g = arena.floats(set.size);
    this.d = arena.floats(set.size);
    const { starts, members, l1, l2, lower, upper, units } = set;
    const scratch = arena.floats(2 * set.longest);
    const all = [starts, members, l1, l2, lower, upper, units, this.d, this.u, scratch];
    this.#places = all.map((view) => view.byteOffset) as unknown as Places;
    this.#factors = set.longest === 1 ? null : majorizing(set);
  }

  protected take(u: Float64Array, g: Float64Array): void {
    this.u.set(u);
    this.start.set(u);
    this.g.set(g);
  }

  /**
   * Raises the diagonal until it majorizes the Hessian within blocks.
   * @param full whether rows have all columns of a block, as when these are measured from their means
   */
  protected majorize(full = false): void {
    if (this.#factors === null) return;
    if (full) this.#fullFactors ??= majorizing(this.set, true);
    const factors = full ? this.#fullFactors! : this.#factors;
    factors.forEach((factor, a) => {
      this.d[a] *= factor;
    });
  }

  protected common(list: Uint32Array, count: number): CommonArguments {
    return [list.byteOffset, count, ...this.#places];
  }
}
