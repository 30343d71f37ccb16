import { sigmoid, softplus } from "../../base/sigmoid";
import type { Products } from "../products";
import { balance, divergence } from "./dual-balance";
import { type DualState, penaltyOf, slopeOf } from "./dual-state";

/** A proven bound of how far the objective is from its minimum. */
export interface Certificate {
  readonly objective: number;
  /** The part of the objective that is the loss. */
  readonly loss: number;
  readonly gap: number;
  /** The best intercept for the weights. */
  readonly intercept: number;
  /** Passes over the data that it took; half a pass reads each value once. */
  readonly passes: number;
}

/** Certifies points of one fit. The primal point is the weights with their best intercept. */
export class Certifier {
  readonly #state: DualState;
  readonly #products: Products;
  readonly #margins: Float64Array;
  readonly #moves: Float64Array;
  #correlations: Float64Array | null = null;

  constructor(state: DualState, products: Products) {
    const { design } = state;
    this.#state = state;
    this.#products = products;
    this.#margins = design.arena.floats(design.rows);
    this.#moves = design.arena.floats(design.rows);
  }

  /**
   * The objective and the least of two duality gaps.
   *
   * That of the dual variables, balanced, is a sum of Fenchel-Young divergences: of each row's from its margin, and
   * half the squared norm of what balancing moves the weights by, which the triangle inequality bounds. That of the
   * residuals is half the squared norm of the gradient over the strengths. It takes a pass more, so it is computed
   * where the first is not `enough` times the objective.
   * @param met whether the rows were met, so that their norms are known
   */
  certify(enough: number, met: boolean): Certificate {
    const { design, sides: y, free, alphas, logits, w, norms } = this.#state;
    const { shares, rows, columns } = design;
    const t = this.#margins;
    this.#products.times(w, t);
    for (let i = 0; i < rows; i++) t[i] *= -y[i];
    const shift = free ? balance(t, y, shares) : 0;
    const tilt = free ? balance(logits, y, shares) : 0;
    let loss = 0;
    let gap = 0;
    let bound = 0;
    for (let i = 0; i < rows; i++) {
      this.#moves[i] = 0;
      if (shares[i] === 0) continue;
      const margin = t[i] - y[i] * shift;
      const logit = logits[i] - y[i] * tilt;
      loss += shares[i] * softplus(margin);
      gap += shares[i] * divergence(margin, logit);
      if (free) bound += Math.abs(shares[i] * sigmoid(logit) - alphas[i]) * Math.sqrt(norms[i]);
      this.#moves[i] = y[i] * shares[i] * sigmoid(margin);
    }
    const objective = loss + penaltyOf(this.#state);
    gap = met ? gap + (bound * bound) / 2 : Number.POSITIVE_INFINITY;
    const wide = gap > enough * objective;
    if (wide) gap = Math.min(gap, this.#gradientGap());
    return { objective, loss, gap, intercept: w[columns] + shift, passes: wide ? 1 : 0.5 };
  }

  /** The gap to the dual point of the residuals, which the best intercept balances. */
  #gradientGap(): number {
    const g = this.#correlations?.fill(0) ?? this.#state.design.parameters(1);
    this.#correlations = g;
    this.#products.addTransposed(this.#moves, g);
    return slopeOf(this.#state, g) / 2;
  }
}
