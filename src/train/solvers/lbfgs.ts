import type { Monitor } from "../monitor";
import type { Outcome, Smooth, Step, Stop } from "./solver";
import { type LinePoint, wolfeStep } from "./wolfe";

/** The pairs of steps and changes of the gradient that stand for the curvature. */
const memory = 10;

/** A way to minimise smooth convex functions by gradients. */
export interface GradientSolver {
  readonly name: string;
  /**
   * Moves `w` to the minimum; the function is left at the last point.
   * @throws `cancelled`
   */
  minimise(problem: Smooth, w: Float64Array, stop: Stop, pace: Monitor): Outcome;
}

/**
 * L-BFGS (Liu and Nocedal, 1989) in variables scaled by the root of the Hessian's diagonal at the start: the two-loop
 * recursion begins with that diagonal's inverse, which is the same, so that columns of any scale or frequency cost no more rounds.
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
  rho: number;
}

class Descent {
  readonly #problem: Smooth;
  readonly #stop: Stop;
  readonly #pace: Monitor;
  readonly #w: Float64Array;
  readonly #next: Float64Array;
  readonly #g: Float64Array;
  readonly #nextG: Float64Array;
  readonly #p: Float64Array;
  readonly #metric: Float64Array;
  readonly #pairs: Pair[] = [];
  readonly #spare: Pair[] = [];
  readonly #alphas = new Float64Array(memory);
  readonly #started = performance.now();
  readonly #history: Step[] = [];
  #gamma = 1;
  #value = Number.NaN;
  #gap = Number.NaN;
  #exact = false;
  #first = 0;

  constructor(problem: Smooth, w: Float64Array, stop: Stop, pace: Monitor) {
    this.#problem = problem;
    this.#stop = stop;
    this.#pace = pace;
    this.#w = w;
    this.#next = problem.vector();
    this.#g = problem.vector();
    this.#nextG = problem.vector();
    this.#p = problem.vector();
    this.#metric = problem.vector();
  }

  run(): Outcome {
    const { maxIterations } = this.#stop;
    this.#value = this.#problem.gradient(this.#w, this.#g);
    this.#problem.diagonal(this.#metric);
    this.#first = this.#norm();
    let norm = this.#first;
    this.#record(0, norm);
    for (let iteration = 1; iteration <= maxIterations && !this.#done(norm); iteration++) {
      const moved = this.#advance();
      norm = this.#norm();
      this.#record(iteration, norm);
      this.#pace.report(iteration, maxIterations, `loss ${this.#value.toPrecision(5)}`);
      this.#pace.check();
      if (moved) continue;
      if (this.#pairs.length === 0) break;
      this.#spare.push(...this.#pairs.splice(0));
      this.#gamma = 1;
    }
    if (!this.#exact) this.#gap = this.#problem.gap(this.#w, this.#g);
    return {
      converged: this.#done(norm),
      objective: this.#value,
      gap: this.#gap,
      gradientNorm: this.#relative(norm),
      history: this.#history,
      seconds: this.#seconds(),
    };
  }

  /** One step; false, and back at w, where the line search finds none. */
  #advance(): boolean {
    const problem = this.#problem;
    this.#direction();
    const start = { t: 0, value: this.#value, slope: problem.dot(this.#g, this.#p) };
    const first = this.#pairs.length > 0 ? 1 : Math.min(1, 1 / this.#first);
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

  /** p = -H g by the two loops (Nocedal and Wright, 2006, algorithm 7.4). */
  #direction(): void {
    const problem = this.#problem;
    const p = this.#p;
    const metric = this.#metric;
    for (let j = 0; j < p.length; j++) p[j] = -this.#g[j];
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { s, y, rho } = this.#pairs[k];
      this.#alphas[k] = rho * problem.dot(s, p);
      problem.axpy(-this.#alphas[k], y, p);
    }
    for (let j = 0; j < p.length; j++) p[j] *= this.#gamma / metric[j];
    for (let k = 0; k < this.#pairs.length; k++) {
      const { s, y, rho } = this.#pairs[k];
      problem.axpy(this.#alphas[k] - rho * problem.dot(y, p), s, p);
    }
  }

  /** Keeps the step just taken and the change of the gradient, in the oldest pair's room once all is taken. */
  #remember(t: number): void {
    const problem = this.#problem;
    if (this.#pairs.length === memory) this.#spare.push(this.#pairs.shift()!);
    const pair = this.#spare.pop() ?? { s: problem.vector(), y: problem.vector(), rho: 0 };
    const { s, y } = pair;
    let scaled = 0;
    for (let j = 0; j < s.length; j++) {
      s[j] = t * this.#p[j];
      y[j] = this.#nextG[j] - this.#g[j];
      scaled += (y[j] * y[j]) / this.#metric[j];
    }
    const sy = problem.dot(s, y);
    if (!(sy > 0 && scaled > 0)) {
      this.#spare.push(pair);
      return;
    }
    pair.rho = 1 / sy;
    this.#gamma = sy / scaled;
    this.#pairs.push(pair);
  }

  #record(iteration: number, norm: number): void {
    const gradientNorm = this.#relative(norm);
    this.#history.push({ iteration, objective: this.#value, gradientNorm, seconds: this.#seconds() });
    const least = this.#problem.leastGap(this.#g);
    this.#exact = !(least > this.#stop.tolerance * this.#value);
    this.#gap = this.#exact ? this.#problem.gap(this.#w, this.#g) : least;
  }

  #done(norm: number): boolean {
    if (Number.isNaN(this.#gap)) return !(this.#relative(norm) > this.#stop.tolerance);
    return this.#gap <= this.#stop.tolerance * this.#value;
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
