import { sigmoid, softplus } from "../../base/sigmoid";
import type { Products } from "../products";
import { type DualState, energyOf, penaltyOf, setWeights } from "./dual-state";

/** Where the ascent begins. */
interface DualStart {
  /** The objective at the weights that were given. */
  readonly objective: number;
  /** The penalty at the weights of the dual point. */
  readonly penalty: number;
  readonly passes: number;
}

/**
 * Sets the dual variables, their logits and the weights of the same point. The dual variables are the residuals at the
 * weights that were given, times the one factor up to 1 that serves the dual best: at the minimum that factor is 1 and
 * the weights come out as they were; after a change of the strengths they come out scaled; from zero weights they come
 * out along the difference of the classes' means, which saves about an epoch.
 */
export function startDual(state: DualState, products: Products): DualStart {
  const { design, sides: y, inverses, inverse, alphas, logits, w } = state;
  const { shares, rows, columns } = design;
  if (inverses !== null) for (let j = 0; j < columns; j++) w[j] = inverses[j] > 0 ? w[j] : 0;
  else if (inverse === 0) w.fill(0, 0, columns);
  const penalty = penaltyOf(state);
  let loss = 0;
  const margins = design.arena.floats(rows);
  const point = design.parameters(1);
  if (penalty === 0) margins.fill(w[columns]);
  else products.times(w, margins);
  for (let i = 0; i < rows; i++) {
    const t = -y[i] * margins[i];
    loss += shares[i] * softplus(t);
    alphas[i] = shares[i] * sigmoid(t);
    if (alphas[i] > 0) logits[i] = t;
    margins[i] = y[i] * alphas[i];
  }
  products.addTransposed(margins, point);
  const energy = energyOf(state, point);
  const factor = bestFactor(state, energy);
  setWeights(state, factor, point);
  if (factor < 1) {
    for (let i = 0; i < rows; i++) {
      alphas[i] *= factor;
      if (alphas[i] > 0) logits[i] = Math.log(alphas[i] / (shares[i] - alphas[i]));
    }
  }
  return {
    objective: loss + penalty,
    penalty: (factor * factor * energy) / 2,
    passes: penalty === 0 ? 0.5 : 1,
  };
}

/**
 * The c in (0, 1] at which the dual at c alpha is greatest, by Newton's method on its slope, which falls as c rises.
 * @param logits of the dual variables at c = 1
 */
function bestFactor(state: DualState, energy: number): number {
  const { alphas, logits, design } = state;
  let low = 0;
  let high = 1;
  let c = 1;
  for (let k = 0; k < 60; k++) {
    let slope = -c * energy;
    let curvature = energy;
    for (let i = 0; i < alphas.length; i++) {
      const a = alphas[i];
      if (a === 0) continue;
      const rest = design.shares[i] - c * a;
      slope -= a * (c === 1 ? logits[i] : Math.log((c * a) / rest));
      curvature += (a * design.shares[i]) / (c * Math.max(rest, Number.MIN_VALUE));
    }
    if (slope > 0) low = c;
    else high = c;
    if (low === 1) return 1;
    let next = c + slope / curvature;
    if (!(next > low && next < high)) next = low > 0 ? (low + high) / 2 : high / 8;
    if (Math.abs(next - c) <= 1e-6 * c) return next;
    c = next;
  }
  return c;
}
