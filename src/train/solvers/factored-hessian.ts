import type { DenseSmooth } from "./dense";

/** Relative pivots below this are rounding: the columns depend on each other as far as the numbers tell. */
const leastPivot = 1e-13;
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
  readonly #scale: Float64Array;
  #ridge = 0;
  #floor = 0;
  /** Whether the factor is of the last point. */
  fresh = false;

  constructor(problem: DenseSmooth) {
    this.#problem = problem;
    this.#H = problem.square();
    this.#L = problem.square();
    this.#scale = problem.vector();
  }

  /** Takes the Hessian of the last point and factors it. */
  update(): void {
    this.#problem.hessian(this.#H);
    this.fresh = true;
    this.#floor = this.#floor > firstFloor ? this.#floor / 1e3 : 0;
    this.#scaleAndFactor();
  }

  /**
   * Adds to all curvatures a share of the greatest, a thousand times more at each call: where probabilities are all but
   * 0 and 1 there is next to no curvature, and steps by it lead nowhere. False once that is no remedy.
   */
  stiffen(): boolean {
    this.#floor = Math.max(firstFloor, this.#floor * 1e3);
    if (this.#floor > 1e3) return false;
    this.#problem.hessian(this.#H);
    this.#scaleAndFactor();
    return true;
  }

  #scaleAndFactor(): void {
    const scale = this.#scale;
    const H = this.#H;
    const n = scale.length;
    let top = 0;
    for (let j = 0; j < n; j++) top = Math.max(top, H[j * n + j]);
    for (let j = 0; j < n; j++) {
      H[j * n + j] += this.#floor * top;
      scale[j] = 1 / Math.sqrt(H[j * n + j]);
    }
    while (!this.#factor()) this.#ridge = Math.max(firstRidge, this.#ridge * 100);
  }

  /** Leaves the factor as it is for another point. */
  keep(): void {
    this.fresh = false;
  }

  /** Writes the step -H^-1 g to `p` and returns its slope g'p. */
  step(g: Float64Array, p: Float64Array): number {
    const scale = this.#scale;
    for (let j = 0; j < g.length; j++) p[j] = -g[j] * scale[j];
    this.#problem.solve(this.#L, p);
    let slope = 0;
    for (let j = 0; j < g.length; j++) {
      p[j] *= scale[j];
      slope += g[j] * p[j];
    }
    return slope;
  }

  /** The length of a gradient, each part over the root of its curvature. */
  norm(g: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < g.length; j++) sum += (g[j] * this.#scale[j]) ** 2;
    return Math.sqrt(sum);
  }

  #factor(): boolean {
    const scale = this.#scale;
    const n = scale.length;
    const H = this.#H;
    const L = this.#L;
    for (let i = 0; i < n; i++) {
      for (let j = i * n; j < i * n + i; j++) L[j] = H[j] * scale[i] * scale[j - i * n];
      L[i * n + i] = 1 + this.#ridge;
    }
    return this.#problem.factor(L, leastPivot);
  }
}
