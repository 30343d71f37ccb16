import type { DualState } from "./dual-state";

/** How far the drift may leave its start. */
const widest = 1024;

/**
 * The free intercept as the multiplier of sum_i y_i alpha_i = 0, by the proximal method of multipliers (Rockafellar,
 * 1976): an epoch ascends the dual less drift / 2 times the square of that sum, at the intercept centre + drift x sum;
 * then the centre moves there. Any drift above zero ends at the same point. A small one leaves the sum open for long,
 * a great one slows the ascent, since no row can then move without all others.
 */
export class Multiplier {
  /** What the intercept moves by for each unit of the sum. Zero where the intercept is fixed. */
  drift: number;
  readonly #state: DualState;
  #first: number;
  #norm = 0;
  #sum = 0;
  #cost = 0;
  #sumBefore = 0;

  constructor(state: DualState) {
    this.#state = state;
    const { shares } = state.design;
    let sum = 0;
    let squares = 0;
    for (const s of shares) {
      sum += s;
      squares += s * s;
    }
    this.drift = state.free ? (0.2 * sum) / squares : 0;
    this.#first = this.drift;
  }

  /** Sets the drift by the norms of the first rows met: some tenth of the curvature of the dual along one row. */
  start(met: Uint32Array): void {
    if (!this.#state.free) return;
    let norms = 0;
    for (const i of met) norms += this.#state.norms[i];
    this.#norm = norms / met.length;
    this.#first += 0.1 * this.#norm;
    const { w, design } = this.#state;
    w[design.columns] += (this.#first - this.drift) * this.#sumNow();
    this.drift = this.#first;
  }

  /** What closing the sum would add to the duality gap at most, to second order and in rows of the mean norm. */
  imbalance(): number {
    if (!this.#state.free) return 0;
    const { design, alphas } = this.#state;
    const { shares } = design;
    let curvature = 0;
    for (let i = 0; i < alphas.length; i++) {
      if (shares[i] > 0) curvature += alphas[i] * (1 - alphas[i] / shares[i]);
    }
    this.#sum = this.#sumNow();
    this.#cost = this.#sum === 0 ? 0 : (this.#sum ** 2 * (1 / curvature + this.#norm)) / 2;
    return this.#cost;
  }

  /**
   * Moves the centre to where the intercept is, with more drift where the sum falls behind the ascent, less where the
   * ascent falls behind the sum.
   * @param left what the ascent leaves of the gap
   * @param rate by how much an epoch shrinks that; 1 where that is not known
   */
  recentre(left: number, rate: number): void {
    if (!this.#state.free) return;
    const creeps = this.#sum * this.#sumBefore > 0 && Math.abs(this.#sum) > 0.5 * Math.abs(this.#sumBefore);
    if (creeps && this.#cost > left) this.drift = Math.min(this.drift * 2, this.#first * widest);
    else if (rate > 0.5 && rate < 1 && this.#cost < 1e-4 * left)
      this.drift = Math.max(this.drift / 2, this.#first / widest);
    const { w, design } = this.#state;
    w[design.columns] += this.drift * this.#sum;
    this.#sumBefore = this.#sum;
  }

  #sumNow(): number {
    const { alphas, sides } = this.#state;
    let sum = 0;
    for (let i = 0; i < alphas.length; i++) sum += sides[i] * alphas[i];
    return sum;
  }
}
