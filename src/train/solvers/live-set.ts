import type { Monitor } from "../monitor";
import type { CompositePenalty } from "../penalties/composite";
import { mostLeftBySample } from "../row-sample";
import { Descent } from "./descent";
import type { Lead } from "./lead";
import type { Model } from "./model";
import { modelOf } from "./models";
import type { WorkingSet } from "./working-set";

/** Below this share of the objective a decrease drowns in rounding, and the violation decides instead. */
const rounding = 1e-13;
const mostSweeps = 2000;
/** The most time of a new curvature beside the rest of a step for it to be formed where a path goes on. */
const mostRenewal = 1;
/** A step that keeps the curvature beside one of Newton's, where these are counted. */
const keptStep = 0.1;
/** How near to a model's minimum descent goes at least and at most, beside the violation where the step begins. */
const loosest = 0.1;
const tightest = 1e-3;
/** What a step with a new curvature leaves of the violation, about. */
const renewed = 1 / 30;

/** The gap by {@link LiveSet.ahead} beside what the model promises: twice, and room for what it lacks. */
const gapOfLeft = 3;

/** When the steps on a working set end, by its violation or by about what the gap would be. */
interface Target {
  readonly violation: number;
  readonly gap: number;
}

/** Of how many rows one will do for curvatures, and down to what violation. */
interface Sample {
  readonly stride: number;
  readonly to: number;
}

/** A working set with its model, whose curvature lasts for several steps and strengths of the penalty. */
export class LiveSet {
  readonly set: WorkingSet;
  readonly #model: Model;
  readonly #descent: Descent;
  /** What a step must leave of the violation, at most, for the next to keep the curvature: then it falls as fast for the time. */
  readonly #quick: number;
  readonly #u: Float64Array;
  readonly #next: Float64Array;
  readonly #g: Float64Array;
  readonly #nextG: Float64Array;
  /** Whether the model's curvature was good enough to be kept. */
  #kept = false;
  /** Whether the last steps ended since the model tells of next to no decrease that is left; then {@link ahead} is worth its time. */
  settled = false;

  /**
   * @param set whose loss is at the weights `w`
   * @param slopes the gradient there by all parameters, where it is known
   */
  constructor(set: WorkingSet, w: Float64Array, slopes: Float64Array | null = null) {
    const { arena } = set.design;
    this.set = set;
    this.#u = arena.floats(set.size);
    this.#next = arena.floats(set.size);
    this.#g = arena.floats(set.size);
    this.#nextG = arena.floats(set.size);
    this.#model = modelOf(set);
    const { renewal } = this.#model;
    this.#quick = renewal > 0 ? renewed ** (1 / (1 + renewal)) : 0;
    this.#descent = new Descent(set, this.#model);
    for (let a = 0; a < set.size; a++) this.#u[a] = w[set.parameters[a]];
    if (slopes === null) set.slopes(this.#g);
    else for (let a = 0; a < set.size; a++) this.#g[a] = slopes[set.parameters[a]];
  }

  /** Whether the set has all of some blocks; then it has the given penalty from now on. */
  takes(blocks: Uint32Array, penalty: CompositePenalty): boolean {
    if (!this.set.covers(blocks)) return false;
    this.set.penalise(penalty);
    return true;
  }

  /**
   * Newton steps until the target is reached; moves `w`, to which the loss is moved, too.
   * @param loss at `w`
   * @param most steps, those that keep the curvature of the one before a tenth each
   * @param lead of a path, for its first step
   * @param sample of how many rows one will do for curvatures at first
   * @param pauses whether it ends after a first step that leaves so many blocks at rest that a smaller set may go on
   * @param settles the share of the value that the gap by {@link ahead} may be for it to end before a step, too; 0 for no such end
   */
  solve(
    w: Float64Array,
    loss: number,
    target: Target,
    most: number,
    monitor: Monitor,
    lead: Lead | null,
    sample: Sample,
    pauses: (set: LiveSet) => boolean = () => false,
    settles: number = 0,
  ): { readonly loss: number; readonly steps: number; readonly moved: boolean } {
    const set = this.set;
    const model = this.#model;
    const [u, g] = [this.#u, this.#g];
    let now = loss;
    let distance = set.distance(u, g, now);
    let steps = 0;
    let counted = 0;
    let changed = false;
    this.settled = false;
    // What the last model promised, and whether the next will promise so little that its curvature need not be new.
    let before = Number.NaN;
    let settling = false;
    let { stride } = sample;
    let last = lead?.known === true ? Number.POSITIVE_INFINITY : 0;
    while (counted < most && distance.violation > 0) {
      const missing = Math.min(target.violation / distance.violation || 0, 1) || target.gap / distance.gap;
      if (!(missing < 1) && steps > 0) break;
      steps++;
      if (steps === 1 && lead?.known === true) this.#turn(lead);
      const keeps = this.#kept || (settling && model.sampled !== true);
      counted += keeps ? keptStep : 1;
      model.begin(u, g, keeps, distance.violation > sample.to ? stride : 1);
      // Where the method has yet to gain speed a better minimum of the model is no better a point (Eisenstat and Walker, 1996), but only
      // leaps tell from a sweep how near the minimum is.
      const falls = set.whole ? (distance.violation / last) ** 2 : 0;
      const accuracy = Math.min(loosest, Math.max(tightest, 0.3 * Math.max(missing, falls)));
      last = distance.violation;
      this.#descent.run(accuracy * distance.violation, mostSweeps, monitor.check);
      if (settles > 0) {
        const left = this.#left();
        const most = (settles * (now + set.penalty(u))) / gapOfLeft;
        this.settled = changed && left <= most && model.sampled !== true;
        if (this.settled) break;
        settling = (left / before) * left <= most;
        before = left;
      }
      const moved = this.#search(now);
      monitor.check();
      if (moved === null) {
        now = set.gradient(u, g);
        if (!this.#kept && model.sampled !== true) break;
        this.#kept = false;
        stride = 1;
        continue;
      }
      const share = moved.distance.violation / distance.violation;
      this.#kept = share <= this.#quick;
      if (model.sampled === true && share > mostLeftBySample) stride = 1;
      ({ loss: now, distance } = moved);
      changed = true;
      if (steps === 1 && pauses(this)) break;
    }
    for (let a = 0; a < set.size; a++) w[set.parameters[a]] = u[a];
    if (steps > 0) set.settle();
    return { loss: now, steps: Math.ceil(counted), moved: changed };
  }

  /** How many blocks of one parameter are not at zero, or nearly leave it: no more than a share of the norm holds them there. */
  stirred(share: number): number {
    const { set } = this;
    let count = 0;
    for (let b = 0; b < set.chosen.length; b++) {
      const a = set.members[set.starts[b]];
      if (this.#u[a] !== 0 || Math.abs(this.#g[a]) > share * set.l1[b]) count++;
    }
    return count;
  }

  /** Writes the residuals that the model tells of at its minimum. */
  ahead(out: Float64Array): void {
    this.#model.ahead!(out);
  }

  /** By how much the value would fall to the model's minimum, by the model. */
  #left(): number {
    const model = this.#model;
    if (model.ahead === undefined) return Number.POSITIVE_INFINITY;
    return this.set.penalty(this.#u) - this.set.penalty(model.u) - model.value();
  }

  /** Has the model form its curvature halfway to the next point of a path, where that takes little. */
  #turn(lead: Lead): void {
    if (this.#kept && this.#model.renewal > mostRenewal) return;
    this.#kept = false;
    this.set.lead(lead);
  }

  /** Goes from `u` towards the model's minimum as far as the objective falls; `null`, with the loss elsewhere, where it does not. */
  #search(loss: number): { readonly loss: number; readonly distance: Target } | null {
    const set = this.set;
    const [u, next, g, nextG] = [this.#u, this.#next, this.#g, this.#nextG];
    const end = this.#model.end?.() ?? this.#model.u;
    const value = loss + set.penalty(u);
    let slope = set.penalty(end) - set.penalty(u);
    for (let a = 0; a < set.size; a++) slope += g[a] * (end[a] - u[a]);
    if (!(slope <= rounding * value)) return null;
    const flat = Math.abs(slope) <= rounding * value;
    const before = flat ? set.distance(u, g, loss).violation : 0;
    for (let t = 1; t > 1e-10; t /= 2) {
      for (let a = 0; a < set.size; a++) next[a] = t === 1 ? end[a] : u[a] + t * (end[a] - u[a]);
      const nextLoss = set.gradient(next, nextG);
      const distance = set.distance(next, nextG, nextLoss);
      const falls = nextLoss + set.penalty(next) <= value + 1e-4 * t * slope;
      if (flat ? distance.violation < before : falls) {
        u.set(next);
        g.set(nextG);
        return { loss: nextLoss, distance };
      }
      if (flat) return null;
    }
    return null;
  }
}
