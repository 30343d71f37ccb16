/** How far the drift may leave its start. */
const widest = 1024;

/**
 * What a free intercept moves by for each unit of sum_i y_i alpha_i within an epoch of the dual, whose multiplier it is: the
 * proximal method of multipliers (Rockafellar, 1976) ascends the dual less drift / 2 times the square of that sum, at the
 * intercept centre + drift x sum; then the centre moves there. Any drift above zero ends at the same point. A small one leaves the
 * sum open for long, a great one slows the ascent, since no row can then move without all others.
 */
export class Drift {
  value: number;
  #first: number;
  #norm = 0;
  #sum = 0;
  #cost = 0;
  #sumBefore = 0;

  constructor(shares: Float64Array) {
    let sum = 0;
    let squares = 0;
    for (const s of shares) {
      sum += s;
      squares += s * s;
    }
    this.value = (0.2 * sum) / squares;
    this.#first = this.value;
  }

  /** Adds some tenth of the curvature of the dual along one row. @param norm the mean squared norm of rows */
  start(norm: number): void {
    this.#norm = norm;
    this.#first += 0.1 * norm;
    this.value = this.#first;
  }

  /**
   * What closing the sum would add to the duality gap at most, to second order and in rows of the mean norm.
   * @param sum of y alpha
   * @param curvature the sum of alpha (1 - alpha / share)
   */
  imbalance(sum: number, curvature: number): number {
    this.#sum = sum;
    this.#cost = sum === 0 ? 0 : (sum ** 2 * (1 / curvature + this.#norm)) / 2;
    return this.#cost;
  }

  /**
   * What the centre moves by to where the intercept is; with more drift from now on where the sum falls behind the ascent, less
   * where the ascent falls behind the sum.
   * @param left what the ascent leaves of the gap
   * @param rate by how much an epoch shrinks that; 1 where that is not known
   */
  recentre(left: number, rate: number): number {
    const creeps = this.#sum * this.#sumBefore > 0 && Math.abs(this.#sum) > 0.5 * Math.abs(this.#sumBefore);
    if (creeps && this.#cost > left) this.value = Math.min(this.value * 2, this.#first * widest);
    else if (rate > 0.5 && rate < 1 && this.#cost < 1e-4 * left)
      this.value = Math.max(this.value / 2, this.#first / widest);
    this.#sumBefore = this.#sum;
    return this.value * this.#sum;
  }
}
