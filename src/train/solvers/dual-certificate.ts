import { softplus } from "../../base/sigmoid";
import { balance, divergence } from "./dual-balance";
import { type DualState, penaltyOf } from "./dual-state";

/** A proven bound of how far the objective is from its minimum. */
export interface Certificate {
  readonly objective: number;
  readonly gap: number;
  /** The best intercept for the weights. */
  readonly intercept: number;
  /** Passes over the data that it took; half a pass reads each value once. */
  readonly passes: number;
}

/** Certifies points of one fit. The primal point is the weights with their best intercept. */
export class Certifier {
  readonly #state: DualState;
  readonly #margins: Float64Array;
  readonly #moves: Float64Array;
  #correlations: Float64Array | null = null;

  constructor(state: DualState) {
    const { design } = state;
    this.#state = state;
    this.#margins = design.arena.floats(design.rows);
    this.#moves = design.arena.floats(design.rows);
  }

  /**
   * The objective and the duality gap, a sum of Fenchel-Young divergences: of each row's balanced dual variable from
   * its margin, and half the squared norm of what balancing moves the weights by. The triangle inequality bounds the
   * latter; it is computed where the bound alone keeps the gap above `enough` times the objective.
   */
  certify(enough: number): Certificate {
    const { design, sides: y, free, alphas, logits, w, norms } = this.#state;
    const { kernels, matrix, shares, rows, columns } = design;
    const t = this.#margins;
    kernels.times(...matrix, 1, w.byteOffset, t.byteOffset);
    for (let i = 0; i < rows; i++) t[i] *= -y[i];
    const shift = free ? balance(t, y, shares) : 0;
    const tilt = free ? balance(logits, y, shares) : 0;
    let objective = penaltyOf(this.#state);
    let gap = 0;
    let bound = 0;
    for (let i = 0; i < rows; i++) {
      if (shares[i] === 0) continue;
      const margin = t[i] - y[i] * shift;
      const logit = logits[i] - y[i] * tilt;
      objective += shares[i] * softplus(margin);
      gap += shares[i] * divergence(margin, logit);
      const move = shares[i] / (1 + Math.exp(-logit)) - alphas[i];
      bound += Math.abs(move) * Math.sqrt(norms[i]);
      this.#moves[i] = y[i] * move;
    }
    const exact = free && gap <= enough * objective && gap + (bound * bound) / 2 > enough * objective;
    if (free) gap += exact ? this.#moved() : (bound * bound) / 2;
    return { objective, gap, intercept: w[columns] + shift, passes: exact ? 1 : 0.5 };
  }

  /** Half the squared norm of what the moves of the dual variables move the weights by. */
  #moved(): number {
    const { design, inverses } = this.#state;
    this.#correlations ??= design.parameters(1);
    const g = this.#correlations.fill(0);
    design.kernels.transposeTimes(...design.matrix, 1, this.#moves.byteOffset, g.byteOffset);
    let sum = 0;
    for (let j = 0; j < design.columns; j++) sum += g[j] * g[j] * inverses[j];
    return sum / 2;
  }
}
