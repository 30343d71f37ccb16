import { Extrapolation } from "./extrapolation";
import type { Model } from "./model";
import type { WorkingSet } from "./working-set";

/** Beyond so many numbers of states the points are not kept to extrapolate. */
const mostKept = 4_000_000;

/** The share of the model's fall so far that a sweep must add for another where columns are uneven. */
const worthwhile = 0.01;
/** Sweeps that leaps have to themselves over few dense columns, before points are kept to extrapolate, which takes longer there. */
const patience = 8;

/** Minimises a model plus the penalty by cyclic block descent; sweeps are over the blocks not at zero until these rest. */
export class Descent {
  readonly #set: WorkingSet;
  readonly #model: Model;
  readonly #all: Uint32Array;
  readonly #active: Uint32Array;
  /** Whether points are kept to extrapolate. */
  readonly #keeps: boolean;
  readonly #patience: number;
  #extrapolation: Extrapolation | null = null;
  /** All sweeps so far. */
  sweeps = 0;

  constructor(set: WorkingSet, model: Model) {
    const { arena } = set.design;
    this.#set = set;
    this.#model = model;
    this.#all = arena.integers(set.blocks);
    this.#active = arena.integers(set.blocks);
    for (let b = 0; b < set.blocks; b++) this.#all[b] = b;
    const kept = model.states.reduce((sum, state) => sum + state.length, set.size);
    this.#keeps = kept <= mostKept;
    this.#patience = set.whole ? patience : 0;
  }

  /** Sweeps until no change in a sweep is above `tolerance`, in the gradient's units, or `most` sweeps are done. */
  run(tolerance: number, most: number, check: () => void): void {
    const model = this.#model;
    this.#extrapolation?.clear();
    const uneven = model.uneven === true;
    const first = uneven ? this.#value() : 0;
    let before = first;
    for (let sweep = 0; sweep < most; sweep++) {
      this.sweeps++;
      const worst = model.sweep(this.#all, this.#set.blocks);
      const now = uneven ? this.#value() : 0;
      if (!(worst > tolerance) && !(before - now > worthwhile * (first - now))) return;
      before = now;
      if (model.leap?.() === true) this.#extrapolation?.clear();
      else if (model.idle) {
        if (sweep >= this.#patience) this.#extrapolate();
      } else sweep += this.#settle(0.3 * tolerance, most - sweep - 1, check);
      check();
    }
  }

  /** Sweeps over the blocks that are not at zero; how many sweeps it took. */
  #settle(tolerance: number, most: number, check: () => void): number {
    let count = 0;
    for (let b = 0; b < this.#set.blocks; b++) if (this.#moves(b)) this.#active[count++] = b;
    for (let sweep = 0; sweep < most; sweep++) {
      this.sweeps++;
      if (!(this.#model.sweep(this.#active, count) > tolerance)) return sweep + 1;
      this.#extrapolate();
      check();
    }
    return most;
  }

  #moves(b: number): boolean {
    const { starts, members, l1 } = this.#set;
    if (l1[b] === 0) return true;
    for (let at = starts[b]; at < starts[b + 1]; at++) if (this.#model.u[members[at]] !== 0) return true;
    return false;
  }

  #extrapolate(): void {
    if (!this.#keeps) return;
    this.#extrapolation ??= new Extrapolation([this.#model.u, ...this.#model.states]);
    const extrapolation = this.#extrapolation;
    if (!extrapolation.push()) return;
    const before = this.#value();
    if (extrapolation.extrapolate() && !(this.#inside() && this.#value() < before)) extrapolation.restore();
  }

  #value(): number {
    return this.#model.value() + this.#set.penalty(this.#model.u);
  }

  #inside(): boolean {
    const { starts, members, lower, upper, blocks } = this.#set;
    const { u } = this.#model;
    for (let b = 0; b < blocks; b++) {
      if (starts[b + 1] - starts[b] > 1) continue;
      const x = u[members[starts[b]]];
      if (!(x >= lower[b] && x <= upper[b])) return false;
    }
    return true;
  }
}
