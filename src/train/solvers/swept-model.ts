import { majorizing } from "./majorizer";
import type { WorkingSet } from "./working-set";

/** The arguments that all sweeps have first, see `Kernels.descendGram`. */
type CommonArguments = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** What all models keep: weights, their start, the majorizer, and the kernels' common arguments. */
export abstract class SweptModel {
  readonly u: Float64Array;
  protected readonly set: WorkingSet;
  protected readonly start: Float64Array;
  protected readonly g: Float64Array;
  protected readonly d: Float64Array;
  readonly #scratch: Float64Array;
  readonly #factors: Float64Array | null;

  constructor(set: WorkingSet) {
    const { arena } = set.design;
    this.set = set;
    this.u = arena.floats(set.size);
    this.start = arena.floats(set.size);
    this.g = arena.floats(set.size);
    this.d = arena.floats(set.size);
    this.#scratch = arena.floats(2 * set.longest);
    this.#factors = set.longest === 1 ? null : majorizing(set);
  }

  protected take(u: Float64Array, g: Float64Array): void {
    this.u.set(u);
    this.start.set(u);
    this.g.set(g);
  }

  /** Raises the diagonal until it majorizes the Hessian within blocks. */
  protected majorize(): void {
    this.#factors?.forEach((factor, a) => {
      this.d[a] *= factor;
    });
  }

  protected common(list: Uint32Array, count: number): CommonArguments {
    const { starts, members, l1, l2, lower, upper, units } = this.set;
    return [
      list.byteOffset,
      count,
      starts.byteOffset,
      members.byteOffset,
      l1.byteOffset,
      l2.byteOffset,
      lower.byteOffset,
      upper.byteOffset,
      units.byteOffset,
      this.d.byteOffset,
      this.u.byteOffset,
      this.#scratch.byteOffset,
    ];
  }
}
