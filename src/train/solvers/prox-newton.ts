import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";
import type { Monitor } from "../monitor";
import type { CompositePenalty } from "../penalties/composite";
import { Descent } from "./descent";
import { modelOf } from "./models";
import type { Outcome, Step, Stop } from "./solver";
import { WorkingSet } from "./working-set";

/** Below this share of the objective a decrease drowns in rounding, and the violation decides instead. */
const rounding = 1e-13;
const smallestSet = 128;
const mostSweeps = 2000;
/** Working sets after which the next come from the data by columns. */
const patience = 8;

/** A loss and a penalty without need of smoothness, over the parameters of one design. */
export interface Composite {
  readonly design: Design;
  readonly loss: CurvedLoss;
  readonly penalty: CompositePenalty;
  /** Whether the intercepts vary. */
  readonly freeIntercepts: boolean;
}

/** What one fit leaves to the next of a path. */
export class Carry {
  /** The loss at the last point; `NaN` before the first fit. */
  loss: number = Number.NaN;
  /** The correlations there with the dual point. */
  readonly correlations: Float64Array;
  /** Stored values of each column. */
  readonly counts: Uint32Array;
  /** The working sets so far. */
  sets: number = 0;

  constructor(design: Design, outputs: number) {
    const { arena, columns, kernels, matrix } = design;
    this.correlations = design.parameters(outputs);
    this.counts = arena.integers(columns);
    kernels.countColumns(...matrix, this.counts.byteOffset);
  }
}

/** Where a composite solver ended, and what it found on the way. */
export interface CompositeOutcome extends Outcome {
  /** The greatest distance of minus the gradient from a block's subdifferential. */
  readonly violation: number;
  /** Newton steps. */
  readonly steps: number;
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
  #steps = 0;
  #fresh: boolean;
  /** How much nearer than asked the working sets are solved. */
  #strictness = 0.3;

  constructor(problem: Composite, w: Float64Array, stop: Stop, monitor: Monitor, carry: Carry) {
    this.#problem = problem;
    this.#w = w;
    this.#stop = stop;
    this.#monitor = monitor;
    problem.penalty.project(w);
    this.#carry = carry;
    this.#fresh = !Number.isNaN(carry.loss);
    if (!this.#fresh) carry.loss = this.#begin();
  }

  run(): CompositeOutcome {
    const { design } = this.#problem;
    const { tolerance, maxIterations } = this.#stop;
    let first = 0;
    let size = 0;
    let last: Uint32Array | null = null;
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      const look = this.#look();
      const { value, gap, violation } = look;
      if (first === 0) first = violation;
      const relative = first === 0 ? 0 : violation / first;
      this.#record(value, relative);
      const done = Number.isNaN(gap) ? relative <= tolerance : gap <= tolerance * value;
      const limit = Number.isNaN(gap) ? relative <= 1e-9 : gap <= 1e-12 * value;
      const blocks = done ? null : this.#choose(look, Math.max(smallestSet, size));
      const stuck = blocks !== null && last !== null && same(blocks, last) && violation > 0.3 * before;
      before = violation;
      if (stuck) this.#strictness *= 0.1;
      if (blocks === null || (stuck && limit) || this.#strictness < 1e-8 || this.#steps >= maxIterations) {
        return {
          converged: done || limit,
          objective: value,
          gap: done ? gap : this.#gap(look.stirred, Number.POSITIVE_INFINITY),
          gradientNorm: relative,
          violation,
          steps: this.#steps,
          history: this.#history,
          seconds: this.#seconds(),
        };
      }
      last = blocks;
      size = 2 * blocks.length;
      const mark = design.arena.mark();
      const set = this.#workingSet(blocks);
      const target = Number.isNaN(gap)
        ? { violation: this.#strictness * Math.max(tolerance * first, 0.1 * violation), gap: 0 }
        : { violation: 0, gap: this.#strictness * Math.max(tolerance * value, 0.1 * gap) };
      this.#solve(set, target);
      design.arena.rewind(mark);
    }
  }

  /** Moves the loss to the start, whose weights not at zero are few. */
  #begin(): number {
    const { design, penalty } = this.#problem;
    const mark = design.arena.mark();
    const set = this.#workingSet(penalty.stirred(this.#w, this.#carry.correlations.fill(0)));
    const [u, g] = [design.arena.floats(set.size), design.arena.floats(set.size)];
    for (let a = 0; a < set.size; a++) u[a] = this.#w[set.parameters[a]];
    const loss = set.gradient(u, g);
    design.arena.rewind(mark);
    return loss;
  }

  /** Looks at all columns: the objective, the gap and the violations. */
  #look(): Look {
    const { loss, penalty, freeIntercepts } = this.#problem;
    this.#monitor.check();
    const w = this.#w;
    const { correlations } = this.#carry;
    if (!this.#fresh) loss.correlate(correlations.fill(0), freeIntercepts);
    this.#fresh = false;
    const value = this.#carry.loss + penalty.value(w);
    const stirred = penalty.stirred(w, correlations);
    const gap = this.#gap(stirred, this.#stop.tolerance * value);
    const excess = new Float64Array(stirred.length);
    return { value, gap, stirred, excess, violation: penalty.excess(w, correlations, stirred, excess) };
  }

  /** The duality gap; where the weights' part alone is above `enough`, only that, since the rows' part takes long. */
  #gap(stirred: Uint32Array, enough: number): number {
    const { loss, penalty } = this.#problem;
    const { correlations } = this.#carry;
    let gap = Number.NaN;
    for (const factor of penalty.factors(correlations, stirred)) {
      const weights = penalty.divergence(this.#w, correlations, factor, stirred);
      const bound = weights > enough ? weights : weights + loss.divergence(factor, enough - weights);
      if (!(bound >= gap)) gap = bound;
    }
    return gap;
  }

  /** Many sets are worth a copy of the data by columns; dense ones, whose zeros it would keep, are not. */
  #workingSet(blocks: Uint32Array): WorkingSet {
    const { design, loss, penalty, freeIntercepts } = this.#problem;
    const { counts } = this.#carry;
    const byColumns = design.matrix[0] !== 0 && ++this.#carry.sets > patience;
    return new WorkingSet(design, loss, penalty, counts, blocks, freeIntercepts, byColumns);
  }

  /** The blocks not at zero, and of the others those that violate optimality most, `size` in all where so many do. */
  #choose({ stirred, excess }: Look, size: number): Uint32Array {
    const found: number[] = [];
    const violating: number[] = [];
    stirred.forEach((b, n) => {
      if (!this.#problem.penalty.rests(b, this.#w)) found.push(b);
      else if (excess[n] > 0) violating.push(n);
    });
    const room = Math.max(size - found.length, smallestSet >> 1);
    if (violating.length > room) {
      violating.sort((a, b) => excess[b] - excess[a] || a - b).length = room;
    }
    return Uint32Array.from([...found, ...violating.map((n) => stirred[n])]).sort();
  }

  /** Newton steps on a working set until the target is reached. */
  #solve(set: WorkingSet, target: { readonly violation: number; readonly gap: number }): void {
    const { arena } = set.design;
    const [u, next, g, nextG] = Array.from({ length: 4 }, () => arena.floats(set.size));
    for (let a = 0; a < set.size; a++) u[a] = this.#w[set.parameters[a]];
    const model = modelOf(set);
    const descent = new Descent(set, model);
    let { loss } = this.#carry;
    set.slopes(g);
    let value = loss + set.penalty(u);
    let distance = set.distance(u, g, loss);
    for (let step = 0; this.#steps < this.#stop.maxIterations && distance.violation > 0; step++) {
      const missing = Math.min(target.violation / distance.violation || 0, 1) || target.gap / distance.gap;
      if (!(missing < 1) && step > 0) break;
      this.#steps++;
      model.begin(u, g);
      const accuracy = Math.min(0.1, Math.max(0.3 * missing, 1e-3));
      descent.run(accuracy * distance.violation, mostSweeps, this.#monitor.check);
      let slope = set.penalty(model.u) - set.penalty(u);
      for (let a = 0; a < set.size; a++) slope += g[a] * (model.u[a] - u[a]);
      if (!(slope < 0)) break;
      let moved = false;
      for (let t = 1; t > 1e-10; t /= 2) {
        for (let a = 0; a < set.size; a++) next[a] = t === 1 ? model.u[a] : u[a] + t * (model.u[a] - u[a]);
        const nextLoss = set.gradient(next, nextG);
        const nextValue = nextLoss + set.penalty(next);
        const nextDistance = set.distance(next, nextG, nextLoss);
        const flat = -slope <= rounding * value;
        if (flat ? nextDistance.violation < distance.violation : nextValue <= value + 1e-4 * t * slope) {
          u.set(next);
          g.set(nextG);
          [loss, value, distance, moved] = [nextLoss, nextValue, nextDistance, true];
          break;
        }
        if (flat) break;
      }
      this.#monitor.check();
      if (!moved) {
        loss = set.gradient(u, g);
        break;
      }
    }
    for (let a = 0; a < set.size; a++) this.#w[set.parameters[a]] = u[a];
    this.#carry.loss = loss;
  }

  #record(objective: number, gradientNorm: number): void {
    this.#history.push({
      iteration: this.#history.length,
      objective,
      gradientNorm,
      seconds: this.#seconds(),
    });
    this.#monitor.report(this.#steps, this.#stop.maxIterations, `objective ${objective.toPrecision(5)}`);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

/** What a look at all columns tells. */
interface Look {
  readonly value: number;
  readonly gap: number;
  readonly violation: number;
  readonly stirred: Uint32Array;
  /** The violation of each stirred block. */
  readonly excess: Float64Array;
}

function same(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
