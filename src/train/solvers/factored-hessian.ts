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

/**
 * A Hessian, factored with its rows and columns scaled to a diagonal of ones, so that the scale of the variables does
 * not matter, and with a ridge where it is singular. The ridge that served once stays. While it serves for several steps it learns
 * from the changes of the gradient (the two loops of Nocedal, 1980, around the factor).
 */
export class FactoredHessian {
  readonly #problem: DenseSmooth;
  readonly #H: Float64Array;
  readonly #L: Float64Array;
  /** The roots of the reciprocals of the curvatures. */
  readonly units: Float64Array;
  /** Steps since the factor was taken and the changes of the gradient, see `Kernels.quasiStep`. */
  readonly pairs: Float64Array;
  #count = 0;
  #ridge = 0;
  #floor = 0;
  /** Whether the Hessian is taken to six digits, which serve until columns turn out to be too much alike. */
  #rough: boolean;
  /** Whether the factor is of the last point. */
  fresh = false;
  /** Whether it is by a sample of the rows. */
  sampled = false;

  constructor(problem: DenseSmooth) {
    this.#problem = problem;
    this.#rough = problem.rough;
    this.#H = problem.square();
    this.#L = problem.room(this.#H.length);
    this.units = problem.vector();
    this.pairs = problem.room(mostPairs * (2 * this.units.length + 2));
  }

  /** Whether six digits of the Hessian have served so far. */
  get rough(): boolean {
    return this.#rough;
  }

  /**
   * Takes the Hessian of the last point and factors it.
   * @param stride of so many rows one stands for all, where six digits serve
   */
  update(stride: number = 1): void {
    this.fresh = true;
    this.sampled = false;
    this.#count = 0;
    this.#floor = this.#floor > firstFloor ? this.#floor / 1e3 : 0;
    if (this.#rough && stride > 1) {
      this.#problem.hessian(this.#H, true, stride);
      this.sampled = this.#serves();
      if (this.sampled) return;
    }
    if (this.#rough) {
      this.#problem.hessian(this.#H, true);
      this.#rough = this.#serves();
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
    this.sampled = false;
    this.#count = 0;
    this.#problem.hessian(this.#H, false);
    this.#scaleAndFactor();
    return true;
  }

  /** Whether six digits tell the columns apart; then the Hessian is factored. */
  #serves(): boolean {
    return this.#scale() > safeCurvature && this.#factor(safePivot);
  }

  #scaleAndFactor(): void {
    this.#scale();
    while (!this.#factor(leastPivot)) this.#ridge = Math.max(firstRidge, this.#ridge * 100);
  }

  /** Takes the roots of the curvatures, raised by the floor, for units; the least of them. */
  #scale(): number {
    const units = this.units;
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

  /** Where in `pairs` the next step goes. */
  get pairAt(): number {
    return this.#count * (2 * this.units.length + 2);
  }

  /**
   * Leaves the factor as it is for another point; false where it has learned enough.
   * @param learns whether the step there and the change of the gradient are at `pairAt`, and are no rounding
   */
  keep(learns: boolean): boolean {
    this.fresh = false;
    if (learns) this.#count++;
    return this.#count < mostPairs;
  }

  /** Writes the step to `p` and returns its slope g'p. */
  step(g: Float64Array, p: Float64Array): number {
    return this.#problem.step(this.#L, this.units, { count: this.#count, pairs: this.pairs }, g, p);
  }

  #factor(least: number): boolean {
    return this.#problem.factor(this.#H, this.units, 1 + this.#ridge, this.#L, least);
  }
}
