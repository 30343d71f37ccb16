import type { Monitor } from "../monitor";
import { type StepLimits, TrustRegionSteps } from "./conjugate-gradients";
import { DiagonalMetric, type Factored, FactoredMetric, type Metric } from "./metric";
import type { Parted } from "./parted";
import type { Outcome, Step, Stop } from "./solver";

/** Below this share of the objective a decrease drowns in rounding, and the gradient decides instead. */
const rounding = 1e-12;
/** Products with the Hessian in a step, and expected of those to come, before it is asked whether it can be factored. */
const leastProducts = 5;
const leastExpected = 40;
/** Products that a part of the gap takes beside what it took of the parts before: the flat directions come last. */
const growth = 3;
/** How often in a row a step may fail. */
const patience = 20;
/** The share of the wanted gap that a residual must promise for a step to end, at first and after a promise was broken. */
const promised = 0.2;
const caution = 0.03;

/**
 * Trust-region Newton (Lin, Weng and Keerthi, 2008) in the norm of the Hessian's diagonal (Hsia, Chiang and Lin,
 * 2018), so that the scale of the columns does not matter. Parts that share no parameter go on in lockstep.
 */
export const newton = {
  name: "newton",
  /** Moves `w` to the minimum; the function is left at the last point. */
  minimise(problem: Parted, w: Float64Array, stop: Stop, monitor: Monitor): Outcome {
    return new Descent(problem, w, stop, monitor).run();
  },
};

class Descent {
  readonly #problem: Parted;
  readonly #stop: Stop;
  readonly #monitor: Monitor;
  readonly #w: Float64Array;
  readonly #next: Float64Array;
  readonly #g: Float64Array;
  readonly #nextG: Float64Array;
  readonly #diagonal: DiagonalMetric;
  #metric: Metric;
  #factored: Factored | null | undefined;
  /** What the tolerance is for, before the last step. */
  #left = Number.NaN;
  readonly #steps: TrustRegionSteps;
  readonly #values: Float64Array;
  readonly #first: Float64Array;
  readonly #norms: Float64Array;
  readonly #radius: Float64Array;
  readonly #gaps: Float64Array;
  readonly #failures: Float64Array;
  readonly #promises: Float64Array;
  readonly #nextValues: Float64Array;
  readonly #nextNorms: Float64Array;
  readonly #slopes: Float64Array;
  readonly #rests: Float64Array;
  readonly #scratch: Float64Array;
  /** The parts that are not done. */
  #active: Uint8Array;
  /** Whether the gaps are those of a dual point, not lower bounds. */
  #proven = false;
  readonly #started = performance.now();
  readonly #history: Step[] = [];

  constructor(problem: Parted, w: Float64Array, stop: Stop, monitor: Monitor) {
    this.#problem = problem;
    this.#stop = stop;
    this.#monitor = monitor;
    this.#w = w;
    this.#next = problem.vector();
    this.#g = problem.vector();
    this.#nextG = problem.vector();
    this.#diagonal = new DiagonalMetric(problem);
    this.#metric = this.#diagonal;
    this.#steps = new TrustRegionSteps(problem);
    this.#values = problem.scalars();
    this.#first = problem.scalars();
    this.#norms = problem.scalars();
    this.#radius = problem.scalars();
    this.#gaps = problem.scalars();
    this.#failures = new Float64Array(problem.parts);
    this.#promises = new Float64Array(problem.parts).fill(promised);
    this.#nextValues = problem.scalars();
    this.#nextNorms = problem.scalars();
    this.#slopes = problem.scalars();
    this.#rests = problem.scalars();
    this.#scratch = problem.scalars();
    this.#active = new Uint8Array(problem.parts).fill(1);
  }

  run(): Outcome {
    const problem = this.#problem;
    const { maxIterations } = this.#stop;
    problem.gradient(this.#w, this.#g);
    problem.values(this.#values);
    this.#measure();
    this.#first.set(this.#norms);
    this.#radius.set(this.#norms);
    this.#record(0);
    for (let iteration = 1; iteration <= maxIterations && this.#active.includes(1); iteration++) {
      this.#advance();
      this.#record(iteration);
      this.#monitor.report(iteration, maxIterations, this.#message());
      this.#monitor.check();
      if (this.#active.includes(1)) this.#sharpen();
    }
    this.#prove();
    return {
      converged: this.#gaps.every((_, p) => this.#done(p) || this.#atLimit(p)),
      objective: sum(this.#values),
      gap: sum(this.#gaps),
      gradientNorm: this.#relative(),
      history: this.#history,
      seconds: this.#seconds(),
    };
  }

  /** One step of each part that is not done. */
  #advance(): void {
    const problem = this.#problem;
    const { parts } = problem;
    const active = this.#active;
    this.#steps.take(this.#g, this.#metric, this.#limits(), this.#monitor);
    const { lengths, vectors } = this.#steps;
    const slopes = this.#slopes;
    problem.dots(this.#g, vectors.step, slopes);
    problem.dots(vectors.step, vectors.residual, this.#rests);
    this.#next.set(this.#w);
    problem.axpy(1, vectors.step, this.#next);
    problem.gradient(this.#next, this.#nextG);
    problem.values(this.#nextValues);
    this.#metric.squares(this.#nextG, this.#nextNorms);
    const good = new Uint8Array(parts);
    for (let p = 0; p < parts; p++) {
      const value = this.#values[p];
      const predicted = (this.#rests[p] - slopes[p]) / 2;
      const decrease = value - this.#nextValues[p];
      const flat = predicted <= rounding * Math.abs(value);
      const better = flat ? Math.sqrt(this.#nextNorms[p]) < this.#norms[p] : decrease > 1e-4 * predicted;
      good[p] = active[p] === 1 && better ? 1 : 0;
      if (active[p] === 0) continue;
      if (!flat) {
        this.#radius[p] = resized(this.#radius[p], lengths[p], decrease, predicted, slopes[p]);
      }
      this.#failures[p] = better ? 0 : flat ? Number.POSITIVE_INFINITY : this.#failures[p] + 1;
    }
    const w = this.#w;
    for (let j = 0; j < w.length; j++) if (good[j % parts] === 1) w[j] = this.#next[j];
    if (active.every((on, p) => on === good[p])) this.#g.set(this.#nextG);
    else problem.gradient(w, this.#g);
    problem.values(this.#values);
    if (good.includes(1)) this.#measure();
  }

  #limits(): StepLimits {
    const { tolerance } = this.#stop;
    const relative = this.#norms.map((norm, p) => norm / this.#first[p]);
    return {
      radius: this.#radius.map((radius, p) => (this.#active[p] === 1 ? radius : 0)),
      accuracy: relative.map((r) => Math.max(0.01, Math.min(0.3, Math.sqrt(r)))),
      gap: this.#values.map((value, p) => this.#promises[p] * tolerance * value),
    };
  }

  /** The metric at the last point, and the gradient's norms in it. */
  #measure(): void {
    if (this.#metric === this.#diagonal) this.#diagonal.update();
    this.#metric.squares(this.#g, this.#norms);
    for (let p = 0; p < this.#norms.length; p++) this.#norms[p] = Math.sqrt(this.#norms[p]);
  }

  /**
   * Takes the factored Hessian as the metric where the products that are still to come would take longer than factoring
   * does, at the rate at which those of the last step lowered the gap.
   */
  #sharpen(): void {
    const before = this.#left;
    this.#left = this.#remainder();
    if (this.#problem.parts > 1 || this.#factored === null) return;
    const gained = Math.log(before / this.#left);
    const wanted = Math.log(this.#left / this.#stop.tolerance);
    const expected =
      gained > 0 ? (growth * this.#steps.products * wanted) / gained : Number.POSITIVE_INFINITY;
    if (this.#steps.products < leastProducts || expected < leastExpected) return;
    this.#factored ??= this.#problem.factored();
    if (this.#factored === null || expected < this.#factored.passes) return;
    if (this.#factored.update()) this.#adopt(new FactoredMetric(this.#problem, this.#factored));
    else {
      this.#factored = null;
      this.#adopt(this.#diagonal);
    }
  }

  /** What the tolerance is for, as it is now. */
  #remainder(): number {
    const [gap] = this.#gaps;
    return Number.isNaN(gap) ? this.#norms[0] / this.#first[0] : gap / this.#values[0];
  }

  /** Goes on in another metric; the norm at the start counts as if it had been measured in it. */
  #adopt(metric: Metric): void {
    const [before] = this.#norms;
    this.#metric = metric;
    this.#measure();
    const [norm] = this.#norms;
    if (before > 0) this.#first[0] *= norm / before;
    this.#radius[0] = 2 * norm;
  }

  #record(iteration: number): void {
    const problem = this.#problem;
    const objective = sum(this.#values);
    this.#history.push({ iteration, objective, gradientNorm: this.#relative(), seconds: this.#seconds() });
    const least = this.#scratch;
    problem.leastGaps(this.#g, least);
    this.#proven = false;
    for (let p = 0; p < problem.parts; p++) if (this.#active[p] === 1) this.#gaps[p] = least[p];
    const near = this.#active.map((on, p) => (on === 1 && this.#done(p) ? 1 : 0));
    if (near.includes(1)) this.#prove();
    near.forEach((is, p) => {
      if (is === 1 && !this.#done(p)) this.#promises[p] *= caution;
    });
    for (let p = 0; p < problem.parts; p++) {
      this.#active[p] = this.#done(p) || this.#failures[p] > patience ? 0 : 1;
    }
  }

  /** Takes the gaps of a dual point in place of their lower bounds. */
  #prove(): void {
    if (this.#proven || Number.isNaN(this.#gaps[0])) return;
    this.#problem.gaps(this.#w, this.#g, this.#gaps);
    this.#proven = true;
  }

  #done(p: number): boolean {
    const gap = this.#gaps[p];
    const { tolerance } = this.#stop;
    if (Number.isNaN(gap)) return !(this.#norms[p] > tolerance * this.#first[p]);
    return gap <= tolerance * this.#values[p];
  }

  /** Whether what is missing of a part is below what 64-bit floats resolve. */
  #atLimit(p: number): boolean {
    const gap = this.#gaps[p];
    return Number.isNaN(gap) ? this.#norms[p] <= 1e-9 * this.#first[p] : gap <= rounding * this.#values[p];
  }

  #relative(): number {
    return Math.max(...this.#norms.map((norm, p) => (this.#first[p] === 0 ? 0 : norm / this.#first[p])));
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #message(): string {
    const gap = sum(this.#gaps);
    const tail = Number.isNaN(gap) ? "" : `, gap ${gap.toExponential(1)}`;
    return `loss ${sum(this.#values).toPrecision(5)}${tail}`;
  }
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((total, x) => total + x, 0);
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
