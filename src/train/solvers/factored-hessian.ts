import type { DenseSmooth } from "./dense";

/** Relative pivots below this are rounding: the columns depend on each other as far as the numbers tell. */
const leastPivot = 1e-13;
/** Relative pivots above this are far from what six digits leave uncertain, and curvatures from the least 32-bit float. */
const safePivot = 1e-4;
const safeCurvature = 1e-30;
const firstRidge = 1e-12;
const firstFloor = 1e-10;
/** The most steps that a factor takes. */
const mostPairs = 12;
/** The least cosine, in the metric of the factor, between a step and the gradient's change that is no rounding. */
const leastCosine = 1e-6;

/**
 * A Hessian, factored with its rows and columns scaled to a diagonal of ones, so that the scale of the variables does
 * not matter, and with a ridge where it is singular. The ridge that served once stays. While it serves for several steps it learns
 * from the changes of the gradient (the two loops of Nocedal, 1980, around the factor).
 */
export class FactoredHessian {
  readonly #problem: DenseSmooth;
  readonly #H: Float64Array;
  readonly #L: Float64Array;
  readonly #units: Float64Array;
  readonly #pairs: Float64Array;
  #count = 0;
  #ridge = 0;
  #floor = 0;
  /** Whether the Hessian is taken to six digits, which serve until columns turn out to be too much alike. */
  #rough: boolean;
  /** Whether the factor is of the last point. */
  fresh = false;

  constructor(problem: DenseSmooth) {
    this.#problem = problem;
    this.#rough = problem.rough;
    this.#H = problem.square();
    this.#L = problem.room(this.#H.length);
    this.#units = problem.vector();
    this.#pairs = problem.room(mostPairs * (2 * this.#units.length + 2));
  }

  /** Whether six digits of the Hessian have served so far. */
  get rough(): boolean {
    return this.#rough;
  }

  /** Takes the Hessian of the last point and factors it. */
  update(): void {
    this.fresh = true;
    this.#count = 0;
    this.#floor = this.#floor > firstFloor ? this.#floor / 1e3 : 0;
    if (this.#rough) {
      this.#problem.hessian(this.#H, true);
      this.#rough = this.#scale() > safeCurvature && this.#factor(safePivot);
      if (this.#rough) return;
    }
    this.#problem.hessian(this.#H, false);
    this.#scaleAndFactor();
  }

  /**
   * Adds to all curvatures a share of the greatest, a thousand times more at each call: where probabilities are all but
   * 0 and 1 there is next to no curvature, and steps by it lead nowhere. False once that is no remedy.
   */
  stiffen(): boolean {
    this.#floor = Math.max(firstFloor, this.#floor * 1e3);
    if (this.#floor > 1e3) return false;
    this.#rough = false;
    this.#count = 0;
    this.#problem.hessian(this.#H, false);
    this.#scaleAndFactor();
    return true;
  }

  #scaleAndFactor(): void {
    this.#scale();
    while (!this.#factor(leastPivot)) this.#ridge = Math.max(firstRidge, this.#ridge * 100);
  }

  /** Takes the roots of the curvatures, raised by the floor, for units; the least of them. */
  #scale(): number {
    const units = this.#units;
    const H = this.#H;
    const n = units.length;
    let top = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) top = Math.max(top, H[j * n + j]);
    for (let j = 0; j < n; j++) {
      H[j * n + j] += this.#floor * top;
      least = Math.min(least, H[j * n + j]);
      units[j] = 1 / Math.sqrt(H[j * n + j]);
    }
    return least;
  }

  /**
   * Leaves the factor as it is for another point, and learns from the change of the gradient on the way there; false where it
   * has learned enough.
   */
  keep(w: Float64Array, g: Float64Array, next: Float64Array, nextG: Float64Array): boolean {
    this.fresh = false;
    const n = w.length;
    const from = this.#count * (2 * n + 2);
    const pairs = this.#pairs;
    const units = this.#units;
    let [product, steps, changes] = [0, 0, 0];
    for (let j = 0, at = from; j < n; j++, at++) {
      const s = next[j] - w[j];
      const y = nextG[j] - g[j];
      pairs[at] = s;
      pairs[at + n] = y;
      product += s * y;
      steps += (s / units[j]) ** 2;
      changes += (y * units[j]) ** 2;
    }
    if (product > leastCosine * Math.sqrt(steps * changes)) {
      pairs[from + 2 * n] = 1 / product;
      this.#count++;
    }
    return this.#count < mostPairs;
  }

  /** Writes the step to `p` and returns its slope g'p. */
  step(g: Float64Array, p: Float64Array): number {
    return this.#problem.step(this.#L, this.#units, { count: this.#count, pairs: this.#pairs }, g, p);
  }

  /** The length of a gradient, each part over the root of its curvature. */
  norm(g: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < g.length; j++) sum += (g[j] * this.#units[j]) ** 2;
    return Math.sqrt(sum);
  }

  #factor(least: number): boolean {
    return this.#problem.factor(this.#H, this.#units, 1 + this.#ridge, this.#L, least);
  }
}
