import type { Monitor } from "../monitor";
import { trustRegionStep } from "./conjugate-gradients";
import type { Outcome, Smooth, Solver, Step, Stop } from "./solver";

/** Below this share of the objective a decrease drowns in rounding, and the gradient decides instead. */
const rounding = 1e-12;

/**
 * Trust-region Newton (Lin, Weng and Keerthi, 2008) in the norm of the Hessian's diagonal (Hsia, Chiang and Lin,
 * 2018), so that the scale of the columns does not matter.
 */
export const newton: Solver = {
  name: "newton",
  minimise(problem, w, stop, monitor) {
    return new Descent(problem, w, stop, monitor).run();
  },
};

class Descent {
  readonly #problem: Smooth;
  readonly #stop: Stop;
  readonly #monitor: Monitor;
  readonly #w: Float64Array;
  readonly #next: Float64Array;
  readonly #g: Float64Array;
  readonly #nextG: Float64Array;
  readonly #metric: Float64Array;
  readonly #vectors: {
    step: Float64Array;
    residual: Float64Array;
    direction: Float64Array;
    product: Float64Array;
  };
  readonly #started = performance.now();
  readonly #history: Step[] = [];

  constructor(problem: Smooth, w: Float64Array, stop: Stop, monitor: Monitor) {
    this.#problem = problem;
    this.#stop = stop;
    this.#monitor = monitor;
    this.#w = w;
    this.#next = problem.vector();
    this.#g = problem.vector();
    this.#nextG = problem.vector();
    this.#metric = problem.vector();
    this.#vectors = {
      step: problem.vector(),
      residual: problem.vector(),
      direction: problem.vector(),
      product: problem.vector(),
    };
  }

  run(): Outcome {
    const problem = this.#problem;
    const w = this.#w;
    const g = this.#g;
    let value = problem.gradient(w, g);
    problem.diagonal(this.#metric);
    const first = this.#norm(g);
    let norm = first;
    let radius = first;
    let gap = this.#record(0, value, first, norm);
    let failures = 0;
    for (let iteration = 1; iteration <= this.#stop.maxIterations; iteration++) {
      if (this.#done(value, gap, norm / first) || failures > 20) break;
      const accuracy = Math.max(1e-6, Math.min(0.1, Math.sqrt(norm / first)));
      const length = trustRegionStep(
        problem,
        g,
        this.#metric,
        radius,
        accuracy,
        this.#vectors,
        this.#monitor,
      );
      const { step, residual } = this.#vectors;
      const slope = problem.dot(g, step);
      const predicted = (problem.dot(step, residual) - slope) / 2;
      this.#next.set(w);
      problem.axpy(1, step, this.#next);
      const nextValue = problem.gradient(this.#next, this.#nextG);
      const decrease = value - nextValue;
      const flat = predicted <= rounding * Math.abs(value);
      const good = flat ? this.#norm(this.#nextG) < norm : decrease > 1e-4 * predicted;
      radius = flat ? radius : resized(radius, length, decrease, predicted, slope);
      if (good) {
        w.set(this.#next);
        g.set(this.#nextG);
        value = nextValue;
        problem.diagonal(this.#metric);
        failures = 0;
      } else {
        problem.gradient(w, g);
        failures = flat ? Number.POSITIVE_INFINITY : failures + 1;
      }
      norm = this.#norm(g);
      gap = this.#record(iteration, value, first, norm);
      this.#monitor.report(iteration, this.#stop.maxIterations, message(value, gap));
      this.#monitor.check();
    }
    if (Number.isFinite(gap) || Number.isNaN(gap)) gap = problem.gap(w, g);
    const relative = first === 0 ? 0 : norm / first;
    return {
      converged: this.#done(value, gap, relative) || this.#atLimit(value, gap, relative),
      objective: value,
      gap,
      gradientNorm: relative,
      history: this.#history,
      seconds: this.#seconds(),
    };
  }

  #record(iteration: number, objective: number, first: number, norm: number): number {
    const gradientNorm = first === 0 ? 0 : norm / first;
    this.#history.push({ iteration, objective, gradientNorm, seconds: this.#seconds() });
    const least = this.#problem.leastGap(this.#g);
    return least > this.#stop.tolerance * objective ? least : this.#problem.gap(this.#w, this.#g);
  }

  #done(value: number, gap: number, relative: number): boolean {
    if (Number.isNaN(gap)) return !(relative > this.#stop.tolerance);
    return gap <= this.#stop.tolerance * value;
  }

  /** Whether what is missing is below what 64-bit floats resolve. */
  #atLimit(value: number, gap: number, relative: number): boolean {
    return Number.isNaN(gap) ? relative <= 1e-9 : gap <= rounding * value;
  }

  #norm(g: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < g.length; j++) sum += (g[j] * g[j]) / this.#metric[j];
    return Math.sqrt(sum);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

/** The radius after a step, by the quality of its prediction (Lin, Weng and Keerthi, 2008, section 2). */
function resized(radius: number, length: number, decrease: number, predicted: number, slope: number): number {
  const curvature = -decrease - slope;
  const alpha = curvature <= 0 ? 4 : Math.max(0.25, -0.5 * (slope / curvature));
  if (!(decrease >= 1e-4 * predicted)) return Math.min(Math.max(alpha, 0.25) * length, 0.5 * radius);
  if (decrease < 0.25 * predicted) return Math.max(0.25 * radius, Math.min(alpha * length, 0.5 * radius));
  if (decrease < 0.75 * predicted) return Math.max(0.25 * radius, Math.min(alpha * length, 4 * radius));
  return Math.max(radius, Math.min(alpha * length, 4 * radius));
}

function message(value: number, gap: number): string {
  return `loss ${value.toPrecision(5)}${Number.isNaN(gap) ? "" : `, gap ${gap.toExponential(1)}`}`;
}
