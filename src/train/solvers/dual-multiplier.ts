import { Drift } from "./drift";
import type { DualState } from "./dual-state";

/** The free intercept as the multiplier of sum_i y_i alpha_i = 0; see {@link Drift}. */
export class Multiplier {
  readonly #state: DualState;
  readonly #drift: Drift;

  constructor(state: DualState) {
    this.#state = state;
    this.#drift = new Drift(state.design.shares);
  }

  /** What the intercept moves by for each unit of the sum. Zero where the intercept is fixed. */
  get drift(): number {
    return this.#state.free ? this.#drift.value : 0;
  }

  /** Sets the drift by the norms of the first rows met. */
  start(met: Uint32Array): void {
    if (!this.#state.free) return;
    let norms = 0;
    for (const i of met) norms += this.#state.norms[i];
    const before = this.#drift.value;
    this.#drift.start(norms / met.length);
    const { w, design } = this.#state;
    w[design.columns] += (this.#drift.value - before) * this.#sum();
  }

  /** What closing the sum would add to the duality gap; see {@link Drift.imbalance}. */
  imbalance(): number {
    if (!this.#state.free) return 0;
    const { design, alphas } = this.#state;
    const { shares } = design;
    let curvature = 0;
    for (let i = 0; i < alphas.length; i++) {
      if (shares[i] > 0) curvature += alphas[i] * (1 - alphas[i] / shares[i]);
    }
    return this.#drift.imbalance(this.#sum(), curvature);
  }

  /** Moves the centre to where the intercept is; see {@link Drift.recentre}. */
  recentre(left: number, rate: number): void {
    if (!this.#state.free) return;
    const { w, design } = this.#state;
    w[design.columns] += this.#drift.recentre(left, rate);
  }

  #sum(): number {
    const { alphas, sides } = this.#state;
    let sum = 0;
    for (let i = 0; i < alphas.length; i++) sum += sides[i] * alphas[i];
    return sum;
  }
}
