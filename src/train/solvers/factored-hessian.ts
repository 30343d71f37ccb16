import type { DenseSmooth } from "./dense";

/** Relative pivots below this are rounding: the columns depend on each other as far as the numbers tell. */
const leastPivot = 1e-13;
/** Relative pivots above this are far from what six digits leave uncertain, and curvatures from the least 32-bit float. */
const safePivot = 1e-4;
const safeCurvature = 1e-30;
const firstRidge = 1e-12;
const firstFloor = 1e-10;

/**
 * A Hessian, factored with its rows and columns scaled to a diagonal of ones, so that the scale of the variables does
 * not matter, and with a ridge where it is singular. The ridge that served once stays.
 */
export class FactoredHessian {
  readonly #problem: DenseSmooth;
  readonly #H: Float64Array;
  readonly #L: Float64Array;
  readonly #units: Float64Array;
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
    this.#L = problem.square();
    this.#units = problem.vector();
  }

  /** Takes the Hessian of the last point and factors it. */
  update(): void {
    this.fresh = true;
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

  /** Leaves the factor as it is for another point. */
  keep(): void {
    this.fresh = false;
  }

  /** Writes the step -H^-1 g to `p` and returns its slope g'p. */
  step(g: Float64Array, p: Float64Array): number {
    const units = this.#units;
    for (let j = 0; j < g.length; j++) p[j] = -g[j] * units[j];
    this.#problem.solve(this.#L, p);
    let slope = 0;
    for (let j = 0; j < g.length; j++) {
      p[j] *= units[j];
      slope += g[j] * p[j];
    }
    return slope;
  }

  /** The length of a gradient, each part over the root of its curvature. */
  norm(g: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < g.length; j++) sum += (g[j] * this.#units[j]) ** 2;
    return Math.sqrt(sum);
  }

  #factor(least: number): boolean {
    const units = this.#units;
    const n = units.length;
    const H = this.#H;
    const L = this.#L;
    for (let i = 0; i < n; i++) {
      for (let j = i * n; j < i * n + i; j++) L[j] = H[j] * units[i] * units[j - i * n];
      L[i * n + i] = 1 + this.#ridge;
    }
    return this.#problem.factor(L, least);
  }
}
