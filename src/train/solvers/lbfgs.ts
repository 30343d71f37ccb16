import type { Monitor } from "../monitor";
import type { Ascent } from "./ascent";
import type { Factored } from "./metric";
import type { Parted } from "./parted";
import type { Outcome, Step, Stop } from "./solver";
import { type LinePoint, wolfeStep } from "./wolfe";

/** The pairs of steps and changes of the gradient that stand for the curvature, by the diagonal and by a factor. */
const memory = 10;
const memoryOfFactor = 20;
/** Iterations after which the factor is taken anew: the Hessian changes most at first. */
const renewals = [5, 15];

/** A way to minimise smooth convex functions by gradients. */
interface GradientSolver {
  readonly name: string;
  /**
   * Moves `w` to the minimum, that of each part to its tolerance; the function is left at the last point.
   * @throws `cancelled`
   */
  minimise(problem: Parted, w: Float64Array, stop: Stop, pace: Monitor): Outcome;
}

/**
 * L-BFGS (Liu and Nocedal, 1989) in variables scaled by the root of the Hessian's diagonal at the start: the two-loop
 * recursion begins with that diagonal's inverse, which is the same, so that columns of any scale or frequency cost no more rounds.
 * Where outputs have much of their Hessian in common, it begins with the inverse of that instead, and needs a fraction of the
 * rounds: between L-BFGS and Newton's method, as in Nocedal and Wright (2006, section 7.2) with a better first matrix.
 */
export const lbfgs: GradientSolver = {
  name: "lbfgs",
  minimise(problem, w, stop, pace) {
    return new Descent(problem, w, stop, pace).run();
  },
};

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / s'y of each part; 0 where the part has no curvature along s. */
  readonly rho: Float64Array;
}

class Descent {
  readonly #problem: Parted;
  readonly #stop: Stop;
  readonly #pace: Monitor;
  readonly #w: Float64Array;
  readonly #next: Float64Array;
  readonly #g: Float64Array;
  readonly #nextG: Float64Array;
  readonly #p: Float64Array;
  readonly #metric: Float64Array;
  #factor: Factored | null = null;
  readonly #product: Float64Array;
  readonly #pairs: Pair[] = [];
  readonly #spare: Pair[] = [];
  readonly #alphas: readonly Float64Array[];
  readonly #scalars: Float64Array;
  readonly #started = performance.now();
  readonly #history: Step[] = [];
  readonly #gamma: Float64Array;
  #value = Number.NaN;
  readonly #values: Float64Array;
  readonly #gaps: Float64Array;
  #exact = false;
  #first = 0;
  #firstRemainder = 0;

  constructor(problem: Parted, w: Float64Array, stop: Stop, pace: Monitor) {
    this.#problem = problem;
    this.#stop = stop;
    this.#pace = pace;
    this.#w = w;
    this.#next = problem.vector();
    this.#g = problem.vector();
    this.#nextG = problem.vector();
    this.#p = problem.vector();
    this.#metric = problem.vector();
    this.#product = problem.vector();
    this.#values = problem.scalars();
    this.#gaps = problem.scalars();
    this.#gamma = problem.scalars().fill(1);
    this.#scalars = problem.scalars();
    this.#alphas = Array.from({ length: memoryOfFactor }, () => problem.scalars());
  }

  run(): Outcome {
    const { maxIterations } = this.#stop;
    this.#value = this.#problem.gradient(this.#w, this.#g);
    this.#problem.commonDiagonal(this.#metric);
    this.#tell(0);
    this.#first = this.#norm();
    let norm = this.#first;
    this.#record(0, norm);
    const before = this.#problem.within(() => this.#ascend());
    norm = this.#norm();
    if (!this.#done(norm)) {
      this.#factor = this.#problem.shared();
      this.#renew();
    }
    this.#firstRemainder = this.#remainder();
    for (let iteration = before + 1; iteration <= maxIterations && !this.#done(norm); iteration++) {
      const moved = this.#advance();
      norm = this.#norm();
      this.#record(iteration, norm);
      this.#tell(iteration);
      this.#pace.check();
      if (moved) {
        const steps = iteration - before;
        if (renewals.includes(steps) && this.#renewalPays(steps)) this.#renew();
        continue;
      }
      if (this.#pairs.length === 0) break;
      this.#spare.push(...this.#pairs.splice(0));
      this.#gamma.fill(1);
    }
    if (!this.#exact) this.#problem.gaps(this.#w, this.#g, this.#gaps);
    return {
      converged: this.#done(norm),
      objective: this.#value,
      gap: this.#gaps.reduce((sum, gap) => sum + gap, 0),
      gradientNorm: this.#relative(norm),
      history: this.#history,
      seconds: this.#seconds(),
    };
  }

  /** Begins with the ascent of the duals where that pays, often to the end; the iterations it took. */
  #ascend(): number {
    const { maxIterations, tolerance } = this.#stop;
    if (this.#done(this.#first)) return 0;
    const ascent = this.#problem.ascent(this.#w, this.#g);
    if (ascent === null) return 0;
    for (let iteration = 1; iteration <= maxIterations; iteration++) {
      const goesOn = ascent.climb(this.#w, tolerance);
      this.#value = this.#problem.gradient(this.#w, this.#g);
      const norm = this.#norm();
      this.#record(iteration, norm, ascent);
      this.#tell(iteration);
      this.#pace.check();
      if (!goesOn || this.#done(norm)) return iteration;
    }
    return maxIterations;
  }

  /** One step; false, and back at w, where the line search finds none. */
  #advance(): boolean {
    const problem = this.#problem;
    this.#direction();
    const start = { t: 0, value: this.#value, slope: problem.dot(this.#g, this.#p) };
    const first = this.#pairs.length > 0 || this.#factor !== null ? 1 : Math.min(1, 1 / this.#first);
    const found = start.slope < 0 ? wolfeStep(start, first, (t) => this.#at(t)) : null;
    if (found === null) {
      problem.gradient(this.#w, this.#g);
      return false;
    }
    this.#remember(found.t);
    this.#w.set(this.#next);
    this.#g.set(this.#nextG);
    this.#value = found.value;
    return true;
  }

  #at(t: number): LinePoint {
    this.#next.set(this.#w);
    this.#problem.axpy(t, this.#p, this.#next);
    const value = this.#problem.gradient(this.#next, this.#nextG);
    return { t, value, slope: this.#problem.dot(this.#nextG, this.#p) };
  }

  /** p = -H g by the two loops (Nocedal and Wright, 2006, algorithm 7.4), in each part by itself. */
  #direction(): void {
    const problem = this.#problem;
    const p = this.#p;
    const { parts } = problem;
    const factors = this.#scalars;
    for (let j = 0; j < p.length; j++) p[j] = -this.#g[j];
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { s, y, rho } = this.#pairs[k];
      const alphas = this.#alphas[k];
      problem.dots(s, p, alphas);
      for (let q = 0; q < parts; q++) {
        alphas[q] *= rho[q];
        factors[q] = -alphas[q];
      }
      problem.axpys(factors, y, p);
    }
    this.#solve(p, p);
    for (let j = 0; j < p.length; j++) p[j] *= this.#gamma[j % parts];
    for (let k = 0; k < this.#pairs.length; k++) {
      const { s, y, rho } = this.#pairs[k];
      problem.dots(y, p, factors);
      for (let q = 0; q < parts; q++) factors[q] = this.#alphas[k][q] - rho[q] * factors[q];
      problem.axpys(factors, s, p);
    }
  }

  /** Keeps the step just taken and the change of the gradient, in the oldest pair's room once all is taken. */
  #remember(t: number): void {
    const problem = this.#problem;
    const most = this.#factor === null ? memory : memoryOfFactor;
    if (this.#pairs.length >= most) this.#spare.push(this.#pairs.shift()!);
    const pair = this.#spare.pop() ?? { s: problem.vector(), y: problem.vector(), rho: problem.scalars() };
    const { s, y, rho } = pair;
    for (let j = 0; j < s.length; j++) {
      s[j] = t * this.#p[j];
      y[j] = this.#nextG[j] - this.#g[j];
    }
    this.#solve(y, this.#product);
    const scaled = this.#scalars;
    problem.dots(y, this.#product, scaled);
    problem.dots(s, y, rho);
    for (let q = 0; q < rho.length; q++) {
      const bent = rho[q] > 0 && scaled[q] > 0;
      if (bent) this.#gamma[q] = rho[q] / scaled[q];
      rho[q] = bent ? 1 / rho[q] : 0;
    }
    (rho.some((x) => x > 0) ? this.#pairs : this.#spare).push(pair);
  }

  /** Whether more iterations are to come, at the rate of those before, than a factor takes passes. */
  #renewalPays(iteration: number): boolean {
    if (this.#factor === null) return false;
    const wanted = Math.log(this.#remainder() / this.#stop.tolerance);
    const gained = Math.log(this.#firstRemainder / this.#remainder());
    return !(iteration * wanted < gained * this.#factor.passes);
  }

  /** What the tolerance is for: the greatest gap of a part relative to its value, or the norm where there is no gap. */
  #remainder(): number {
    if (Number.isNaN(this.#gaps[0])) return this.#relative(this.#norm());
    return Math.max(...this.#gaps.map((gap, part) => gap / this.#values[part]));
  }

  /** Takes the factor of the last point; the diagonal where it can't be had. */
  #renew(): void {
    if (this.#factor?.update() === false) this.#factor = null;
  }

  /** The first matrix of the recursion times `r`. */
  #solve(r: Float64Array, out: Float64Array): void {
    if (this.#factor !== null) this.#factor.solve(r, out);
    else for (let j = 0; j < r.length; j++) out[j] = r[j] / this.#metric[j];
  }

  /** @param prover of the gaps, where the last point is one of its own */
  #record(iteration: number, norm: number, prover?: Ascent): void {
    const gradientNorm = this.#relative(norm);
    this.#history.push({ iteration, objective: this.#value, gradientNorm, seconds: this.#seconds() });
    const problem = this.#problem;
    problem.values(this.#values);
    if (prover !== undefined) {
      prover.gaps(this.#gaps);
      this.#exact = true;
      return;
    }
    problem.leastGaps(this.#g, this.#gaps);
    this.#exact = this.#met();
    if (this.#exact) problem.gaps(this.#w, this.#g, this.#gaps);
  }

  #done(norm: number): boolean {
    if (Number.isNaN(this.#gaps[0])) return !(this.#relative(norm) > this.#stop.tolerance);
    return this.#met();
  }

  /** Whether the gaps of all parts, as far as they are known, are within the tolerance. */
  #met(): boolean {
    return this.#gaps.every((gap, part) => !(gap > this.#stop.tolerance * this.#values[part]));
  }

  #tell(iteration: number): void {
    this.#pace.report(iteration, this.#stop.maxIterations, `loss ${this.#value.toPrecision(5)}`);
  }

  #relative(norm: number): number {
    return this.#first === 0 ? 0 : norm / this.#first;
  }

  #norm(): number {
    let sum = 0;
    for (let j = 0; j < this.#g.length; j++) sum += (this.#g[j] * this.#g[j]) / this.#metric[j];
    return Math.sqrt(sum);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
