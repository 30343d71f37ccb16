import type { Monitor } from "../monitor";
import { sampledTo, strideFrom } from "../row-sample";
import { Carry } from "./carry";
import { type Choice, type Composite, gapAhead, type Look } from "./composite";
import { LiveSet } from "./live-set";
import { timeByHessian } from "./models";
import type { Outcome, Step, Stop } from "./solver";
import { WorkingSet } from "./working-set";

/** The blocks of the first working set. */
const smallestSet = 128;
/** The share of a block's norm that, once a set was solved, must hold it at zero for it to be left out of the next: others are soon needed. */
const surelyHeld = 0.95;
/** The time of a model, in looks at all columns, that is little beside these. */
const light = 4;
/** The most columns of dense rows that one working set takes all of. */
const few = 160;
/** The fewest columns of which it pays to leave some out once a step over all was taken, and the share of the norm that must hold those at zero. */
const fewest = 16;
const held = 0.7;
/** How many times the blocks that are left a working set must have for another to be made of these alone. */
const worthLess = 1.5;
/** The least tolerance at which a fit may end by a gap that tells more of the value than of the weights. */
const leastSettled = 1e-7;

/** Where a composite solver ended, and what it found on the way. */
export interface CompositeOutcome extends Outcome {
  /** The greatest distance of minus the gradient from a block's subdifferential. */
  readonly violation: number;
  /** Newton steps. */
  readonly steps: number;
  /** The loss without the penalty. */
  readonly loss: number;
  /** Blocks, ascending, that hold all weights that are not zero. */
  readonly stirred: Uint32Array;
}

/**
 * Proximal Newton on working sets (Johnson and Guestrin, 2015; Massias, Gramfort and Salmon, 2018): blocks that violate
 * optimality most join those not at zero; on these alone second-order models are minimised by block coordinate descent, with
 * a line search on the objective (Lee, Sun and Saunders, 2014). All columns are looked at only to check the whole.
 * Moves `w`; the loss is left at the last point.
 * @param carry what the last fit of a path with the same loss left; `w` must be where it ended
 */
export function proxNewton(
  problem: Composite,
  w: Float64Array,
  stop: Stop,
  monitor: Monitor,
  carry: Carry = new Carry(problem.design, problem.loss.outputs),
): CompositeOutcome {
  return new ProxNewton(problem, w, stop, monitor, carry).run();
}

class ProxNewton {
  readonly #problem: Composite;
  readonly #w: Float64Array;
  readonly #stop: Stop;
  readonly #monitor: Monitor;
  readonly #carry: Carry;
  readonly #started = performance.now();
  readonly #history: Step[] = [];
  /** Whether one working set takes all columns, dense as they are. */
  readonly #whole: boolean;
  /** Whether it leaves out those that stay at zero after a step. */
  readonly #shrinks: boolean;
  /** Of how many rows one will do for curvatures at first. */
  readonly #stride: number;
  #steps = 0;
  #fresh: boolean;
  /** The gradient of the loss where it stands, while it is known. */
  #slopes: Float64Array | null = null;
  /** How much nearer than asked the working sets are solved. */
  #strictness = 0.3;

  constructor(problem: Composite, w: Float64Array, stop: Stop, monitor: Monitor, carry: Carry) {
    this.#problem = problem;
    this.#w = w;
    this.#stop = stop;
    this.#monitor = monitor;
    problem.penalty.project(w);
    const { design, loss, penalty } = problem;
    const single = loss.outputs === 1 && penalty.blocks === design.columns;
    this.#whole = single && design.matrix[0] === 0 && design.columns <= few;
    this.#shrinks = this.#whole && design.columns >= fewest;
    const { rows, columns } = design;
    const samples = this.#whole && carry.lead === null;
    this.#stride = samples ? strideFrom(w.subarray(0, columns), rows, columns) : 1;
    this.#carry = carry;
    this.#fresh = !Number.isNaN(carry.loss);
    if (!this.#fresh) carry.loss = this.#begin();
    carry.begin(problem.loss);
  }

  run(): CompositeOutcome {
    const { tolerance, maxIterations } = this.#stop;
    const carry = this.#carry;
    let first = 0;
    let size = 0;
    let before = Number.POSITIVE_INFINITY;
    let still = false;
    for (let look = this.#look(); ; look = this.#look()) {
      const { value, gap, violation } = look;
      if (first === 0) first = violation;
      const relative = first === 0 ? 0 : violation / first;
      this.#record(value, relative);
      const done = Number.isNaN(gap) ? relative <= tolerance : gap <= tolerance * value;
      const limit = Number.isNaN(gap) ? relative <= 1e-9 : gap <= 1e-12 * value;
      const choice = done ? null : this.#choose(look, size);
      const again = choice !== null && this.#serves(choice);
      const stuck = again && (still || violation > 0.3 * before);
      before = violation;
      if (stuck) this.#strictness *= 0.1;
      if (choice === null || (stuck && limit) || this.#strictness < 1e-8 || this.#steps >= maxIterations) {
        return {
          converged: done || limit,
          objective: value,
          gap: done ? gap : this.#gap(look.stirred),
          gradientNorm: relative,
          violation,
          steps: this.#steps,
          loss: carry.loss,
          stirred: look.stirred,
          history: this.#history,
          seconds: this.#seconds(),
        };
      }
      if (!again) this.#renew(choice.blocks);
      size = 2 * choice.blocks.length;
      const far = choice.whole || (!choice.full && this.#isLight()) ? 0 : 0.1;
      // What a set's gap is taken for is mostly above what it turns out to be; columns beyond the set add to that.
      const share = choice.whole && !this.#whole ? 2 * this.#strictness : this.#strictness;
      const target = Number.isNaN(gap)
        ? { violation: share * Math.max(tolerance * first, far * violation), gap: 0 }
        : { violation: 0, gap: share * Math.max(tolerance * value, far * gap) };
      const { loss, steps, moved } = carry.live!.solve(
        this.#w,
        carry.loss,
        target,
        maxIterations - this.#steps,
        this.#monitor,
        this.#steps === 0 ? carry.lead : null,
        { stride: this.#stride, to: sampledTo * first },
        this.#shrinks && this.#steps === 0 ? shrinkable : undefined,
        this.#whole && tolerance >= leastSettled ? tolerance : 0,
      );
      carry.loss = loss;
      this.#steps += steps;
      still = !moved;
    }
  }

  /** Moves the loss to the start, whose weights not at zero are few. */
  #begin(): number {
    if (this.#whole) {
      this.#slopes = this.#problem.design.parameters(1);
      return this.#problem.loss.gradient(this.#w, this.#slopes);
    }
    const set = this.#workingSet(this.#problem.penalty.stirred(this.#w, this.#carry.correlations.fill(0)));
    const { arena } = set.design;
    const [u, g] = [arena.floats(set.size), arena.floats(set.size)];
    for (let a = 0; a < set.size; a++) u[a] = this.#w[set.parameters[a]];
    const loss = set.gradient(u, g);
    set.settle();
    return loss;
  }

  /** Looks at all columns: the objective, the gap and the violations. */
  #look(): Look {
    const { penalty } = this.#problem;
    this.#monitor.check();
    const w = this.#w;
    const { correlations } = this.#carry;
    const hold = this.#whole ? this.#holdOfFew() : this.#history.length === 0 ? this.#carry.hold : surelyHeld;
    const stirred = this.#stirred(hold);
    this.#fresh = false;
    const value = this.#carry.loss + penalty.value(w, stirred);
    const enough = this.#stop.tolerance * value;
    const own = this.#gap(stirred, enough);
    const gap =
      !(own <= enough) && this.#carry.live?.settled === true
        ? Math.min(own, gapAhead(this.#problem, w, this.#carry.live))
        : own;
    const excess = new Float64Array(stirred.length);
    return {
      value,
      gap,
      stirred,
      excess,
      near: hold < 1,
      violation: penalty.excess(w, correlations, stirred, excess),
    };
  }

  /** Of few columns the first working set takes all, those after a step only what moves or nearly does. */
  #holdOfFew(): number {
    if (this.#carry.live === null || !this.#shrinks) return 0;
    return this.#history.length === 0 ? Math.min(held, this.#carry.hold) : held;
  }

  /** The blocks that are not at rest, with the correlations of all of them at least. */
  #stirred(hold: number): Uint32Array {
    const { loss, penalty, freeIntercepts } = this.#problem;
    const { correlations } = this.#carry;
    const { corners } = penalty;
    if (corners !== null && loss.dualPoint !== undefined) {
      const screen = this.#carry.look();
      if (screen !== null) {
        const point = loss.dualPoint(freeIntercepts);
        return screen.stirred(point, this.#w, corners, hold, freeIntercepts);
      }
    }
    if (!this.#fresh) loss.correlate(correlations.fill(0), freeIntercepts);
    return penalty.stirred(this.#w, correlations, hold);
  }

  /**
   * The duality gap.
   * @param enough where the gap is above, a part of it, or a bound, will do, and where it is below, a bound: the rows' part takes long
   */
  #gap(stirred: Uint32Array, enough?: number): number {
    const { loss, penalty } = this.#problem;
    const { correlations } = this.#carry;
    let gap = Number.NaN;
    for (const factor of penalty.factors(correlations, stirred)) {
      const weights = penalty.divergence(this.#w, correlations, factor, stirred);
      const left = enough === undefined ? undefined : enough - weights;
      const bound = left !== undefined && left < 0 ? weights : weights + loss.divergence(factor, left);
      if (!(bound >= gap)) gap = bound;
    }
    return gap;
  }

  /** Whether the live working set has all blocks that a choice needs, and of few columns not many more. */
  #serves({ blocks, needed }: Choice): boolean {
    const { live } = this.#carry;
    if (live === null || !live.takes(needed, this.#problem.penalty)) return false;
    return !this.#shrinks || live.set.chosen.length <= worthLess * blocks.length;
  }

  /** Whether a model of the live set takes so little beside a look at all columns that to be done with the set spares time. */
  #isLight(): boolean {
    return timeByHessian(this.#carry.live!.set) <= light * this.#problem.design.nonzeros;
  }

  /** Makes a working set of some blocks the live one. */
  #renew(blocks: Uint32Array): void {
    this.#carry.drop();
    this.#carry.live = new LiveSet(this.#workingSet(blocks), this.#w, this.#slopes);
    this.#slopes = null;
  }

  /** Many sets are worth a copy of the data by columns; dense ones, whose zeros it would keep, are not. */
  #workingSet(blocks: Uint32Array): WorkingSet {
    const { loss, penalty, freeIntercepts } = this.#problem;
    const { beside } = this.#carry;
    if (this.#whole) return new WorkingSet(beside, loss, penalty, null, blocks, freeIntercepts, "whole");
    const reading = this.#carry.reading(loss);
    return new WorkingSet(beside, loss, penalty, this.#carry.counts, blocks, freeIntercepts, reading);
  }

  /**
   * The blocks not at zero, and of the others those that violate optimality most or that a path may soon need, `size` in all
   * where so many do.
   */
  #choose({ stirred, excess, near }: Look, size: number): Choice {
    const found: number[] = [];
    const others: number[] = [];
    stirred.forEach((b, n) => {
      if (!this.#problem.penalty.rests(b, this.#w)) found.push(b);
      else if (excess[n] > 0 || (near && excess[n] > Number.NEGATIVE_INFINITY)) others.push(n);
    });
    const room = this.#whole ? few : Math.max(Math.max(size, smallestSet) - found.length, smallestSet >> 1);
    const first = this.#whole || this.#history.length === 1;
    const whole = near && first && others.length <= room;
    const full = others.length > room;
    if (others.length > room) others.sort((a, b) => excess[b] - excess[a] || a - b).length = room;
    const sorted = (numbers: readonly number[]) =>
      Uint32Array.from([...found, ...numbers.map((n) => stirred[n])]).sort();
    return { blocks: sorted(others), needed: sorted(others.filter((n) => excess[n] > 0)), whole, full };
  }

  #record(objective: number, gradientNorm: number): void {
    this.#history.push({
      iteration: this.#history.length,
      objective,
      gradientNorm,
      seconds: this.#seconds(),
    });
    if (this.#monitor.silent === true) return;
    this.#monitor.report(this.#steps, this.#stop.maxIterations, `objective ${objective.toPrecision(5)}`);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

/** Whether a set of few columns may well be followed by one without those that rest. */
function shrinkable(live: LiveSet): boolean {
  return worthLess * live.stirred(held) < live.set.chosen.length;
}
