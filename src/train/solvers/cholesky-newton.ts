import type { Monitor } from "../monitor";
import { mostLeftBySample, sampledTo } from "../row-sample";
import type { DenseSmooth, DenseSolver } from "./dense";
import { FactoredHessian } from "./factored-hessian";
import type { Outcome, Step, Stop } from "./solver";
import { type Look, lengthOf, lookBy, type Points } from "./trials";

/** Below this share of the objective a decrease drowns in rounding, and the gradient decides instead. */
const rounding = 1e-12;
/** The time of a Hessian and its factor for each parameter, beside that of a pass and all else that a step takes. */
const perParameter = 1 / 10;
/** What a step with a new Hessian leaves of the gradient, about. */
const renewed = 1 / 30;
/** What a step may leave of the gradient at most for its Hessian to serve for the next one, however long another takes. */
const mostLeft = 0.7;
const mostHalvings = 30;
/** Where steps by a sample of the rows must be shorter than this, the sample is no good. */
const mostHalvingsBySample = 3;
/** The least decreases relative to the value that six digits of it tell: with room to spare, and where the next value has all its digits. */
const roughDecrease = 1e-5;
const roundedDecrease = 1e-6;
/** How many times the gap asked for six digits of the gradient serve. */
const nearEnd = 30;

/**
 * Newton's method with the Hessian's Cholesky factor and a backtracking line search (Boyd and Vandenberghe, 2004,
 * section 9.5), for few parameters. While the gradient falls fast a factor serves for several steps, corrected by what it meets on
 * the way (Shamanskii, 1967; Nocedal, 1980). Gradients are taken to six digits until the end is near, and Hessians of a sample of
 * the rows (Byrd, Chin, Neveitt and Nocedal, 2011), where a problem has one.
 */
export const choleskyNewton: DenseSolver = {
  name: "cholesky-newton",
  minimise(problem, w, stop, pace) {
    return new Descent(problem, w, stop, pace).run();
  },
};

class Descent {
  readonly #problem: DenseSmooth;
  readonly #stop: Stop;
  readonly #pace: Monitor;
  readonly #points: Points;
  readonly #look: Look;
  readonly #hessian: FactoredHessian;
  /** What a step must leave of the gradient, at most, for its Hessian to serve for the next: then it falls as fast for the time. */
  readonly #stillGood: number;
  readonly #started = performance.now();
  readonly #history: Step[] = [];
  /** Whether gradients are taken to six digits, and whether what is known of the last point was. */
  #rough: boolean;
  #rounded = false;
  /** Of how many rows one will do for Hessians far from the minimum. */
  #stride: number;
  #value = Number.NaN;
  #gap = Number.NaN;
  /** A lower bound of the gap at the last point; `NaN` where there is none. */
  #least = Number.NaN;
  /** Whether the gap is itself known, not a lower bound of it alone. */
  #exact = false;
  #first = 0;

  constructor(problem: DenseSmooth, w: Float64Array, stop: Stop, pace: Monitor) {
    this.#problem = problem;
    this.#stop = stop;
    this.#pace = pace;
    this.#hessian = new FactoredHessian(problem);
    const [g, p, next, nextG] = [problem.vector(), problem.vector(), problem.vector(), problem.vector()];
    const { units, pairs } = this.#hessian;
    this.#points = { w, g, p, next, nextG, units, pairs, found: problem.room(3) };
    this.#look = problem.look?.(this.#points) ?? lookBy(problem, this.#points);
    this.#rough = problem.rough;
    this.#stride = problem.stride(w);
    this.#stillGood = Math.min(mostLeft, renewed ** (1 / (1 + perParameter * w.length)));
  }

  run(): Outcome {
    const { maxIterations } = this.#stop;
    const hessian = this.#hessian;
    const { w, g, p, found } = this.#points;
    this.#stay();
    this.#first = this.#renew(Number.POSITIVE_INFINITY);
    let norm = this.#settle(this.#first);
    this.#record(0, norm);
    for (let iteration = 1; iteration <= maxIterations && !this.#done(norm); iteration++) {
      let slope = hessian.step(g, p);
      const told = this.#rough ? roughDecrease : roundedDecrease;
      if (this.#rounded && -slope / 2 <= told * Math.abs(this.#value)) {
        this.#refine();
        slope = hessian.step(g, p);
      }
      const before = norm;
      const fresh = hessian.fresh;
      const kept = this.#search(slope, norm);
      if (kept !== null) norm = this.#settle(found[0]);
      this.#record(iteration, norm);
      if (this.#pace.silent !== true)
        this.#pace.report(iteration, maxIterations, `loss ${this.#value.toPrecision(5)}`);
      this.#pace.check();
      if (this.#done(norm)) break;
      if (kept === true && norm <= this.#stillGood * before) continue;
      const { sampled } = hessian;
      if (sampled && fresh && (kept === null || norm > mostLeftBySample * before)) this.#stride = 1;
      if (kept !== null || !fresh || sampled) norm = this.#renew(norm);
      else if (this.#rounded) this.#refine();
      else if (this.#flat(slope) || !hessian.stiffen()) break;
    }
    this.#refine();
    if (!this.#exact) this.#gap = this.#problem.gap(w, g);
    return {
      converged: this.#done(norm) || this.#atLimit(norm),
      objective: this.#value,
      gap: this.#gap,
      gradientNorm: this.#relative(norm),
      history: this.#history,
      seconds: this.#seconds(),
    };
  }

  /** Takes the Hessian of the last point, whose gradient is about so long; its length by that. */
  #renew(norm: number): number {
    this.#hessian.update(norm > sampledTo * this.#first ? this.#stride : 1);
    // Along columns that are nearly alike what six digits leave uncertain would make steps of any length.
    if (!this.#hessian.rough) this.#refine();
    return lengthOf(this.#points.g, this.#points.units);
  }

  /** Takes gradients in full from now on. */
  #refine(): void {
    if (!this.#rounded) return;
    this.#rough = false;
    this.#stay();
  }

  /** Looks at the point once more, which a search may have left. */
  #stay(): void {
    this.#value = this.#look.at(0, this.#rough, 0);
    this.#rounded = this.#rough;
    this.#least = this.#points.found[1];
  }

  /** Looks at the gradient of six digits: where it is nearly small enough those that follow are in full, where it is, so is it itself. */
  #settle(norm: number): number {
    if (!this.#rough) return norm;
    const { tolerance } = this.#stop;
    const gap = this.#least;
    const times = Number.isNaN(gap) ? this.#relative(norm) / tolerance : gap / (tolerance * this.#value);
    if (times > nearEnd) return norm;
    if (times > 1) {
      this.#rough = false;
      return norm;
    }
    this.#refine();
    return this.#points.found[0];
  }

  /**
   * Goes along the step as far as the value falls enough (Armijo), and tells whether the Hessian may serve on; `null`, and back at w,
   * where it does not fall.
   */
  #search(slope: number, norm: number): boolean | null {
    const hessian = this.#hessian;
    const { w, g, next, nextG, found } = this.#points;
    const flat = this.#flat(slope);
    const most = hessian.sampled ? mostHalvingsBySample : mostHalvings;
    const trials = flat ? 1 : Number.isFinite(slope) ? most : 0;
    let t = 1;
    for (let k = 0; k < trials; k++) {
      const value = this.#look.at(t, this.#rough, hessian.pairAt);
      const good = flat ? found[0] < norm : value <= this.#value + 1e-4 * t * slope;
      if (good) {
        w.set(next);
        g.set(nextG);
        this.#value = value;
        this.#rounded = this.#rough;
        this.#least = found[1];
        return hessian.keep(found[2] === 1);
      }
      t = shorter(t, this.#value, slope, value);
    }
    this.#stay();
    return null;
  }

  #flat(slope: number): boolean {
    return -slope / 2 <= rounding * Math.abs(this.#value);
  }

  #record(iteration: number, norm: number): void {
    const gradientNorm = this.#relative(norm);
    this.#history.push({ iteration, objective: this.#value, gradientNorm, seconds: this.#seconds() });
    const least = this.#least;
    this.#exact = !this.#rough && !(least > this.#stop.tolerance * this.#value);
    this.#gap = this.#exact ? this.#gapBy(this.#stop.tolerance * this.#value) : least;
  }

  /** The gap, or a bound of it that is small enough. */
  #gapBy(enough: number): number {
    const bound = this.#look.bound?.() ?? Number.NaN;
    return bound <= enough ? bound : this.#problem.gap(this.#points.w, this.#points.g, enough);
  }

  #done(norm: number): boolean {
    if (this.#rough) return false;
    if (Number.isNaN(this.#gap)) return !(this.#relative(norm) > this.#stop.tolerance);
    return this.#gap <= this.#stop.tolerance * this.#value;
  }

  /** Whether what is missing is below what 64-bit floats resolve. */
  #atLimit(norm: number): boolean {
    if (Number.isNaN(this.#gap)) return this.#relative(norm) <= 1e-9;
    return this.#gap <= rounding * this.#value;
  }

  #relative(norm: number): number {
    return this.#first === 0 ? 0 : norm / this.#first;
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

/** The least of the parabola through both values and the slope, within a tenth and a half of t. */
function shorter(t: number, value: number, slope: number, next: number): number {
  const rise = next - value - t * slope;
  const least = rise > 0 ? (-slope * t * t) / (2 * rise) : 0;
  return Math.min(0.5 * t, Math.max(0.1 * t, least));
}
