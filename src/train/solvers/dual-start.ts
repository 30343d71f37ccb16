import { sigmoid, softplus } from "../../base/sigmoid";
import { classSums } from "../class-sums";
import type { Design } from "../design";
import type { Products } from "../products";
import { massesOf } from "../shares";
import { addMultiple, type DualState, energyOf, penaltyOf, setWeights } from "./dual-state";

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
  const { design, inverses, inverse, w } = state;
  const { columns } = design;
  if (inverses !== null) for (let j = 0; j < columns; j++) w[j] = inverses[j] > 0 ? w[j] : 0;
  else if (inverse === 0) w.fill(0, 0, columns);
  const penalty = penaltyOf(state);
  const sums = penalty === 0 ? classSums(design) : null;
  return sums === null ? startAtRows(state, products, penalty) : startAtClasses(state, sums);
}

function startAtRows(state: DualState, products: Products, penalty: number): DualStart {
  const { design, sides: y, alphas, logits, w } = state;
  const { shares, rows, columns } = design;
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
  const factor = bestFactor({ alphas, logits, shares }, energy);
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

/** As {@link startAtRows} from zero weights, where all rows of a class are alike. */
function startAtClasses(state: DualState, sums: readonly [Float64Array, Float64Array]): DualStart {
  const { design, positive, alphas, logits, w } = state;
  const { labels, shares, rows, columns } = design;
  const intercept = w[columns];
  const masses = Float64Array.from(massesOf(labels, shares, 2));
  const ts = Float64Array.from(sums, (_, k) => (k === positive ? -intercept : intercept));
  const all = { alphas: masses.map((mass, k) => mass * sigmoid(ts[k])), logits: ts, shares: masses };
  const point = design.parameters(1);
  sums.forEach((sum, k) => {
    addMultiple(design, (k === positive ? 1 : -1) * sigmoid(ts[k]), sum, point);
  });
  const energy = energyOf(state, point);
  const factor = bestFactor(all, energy);
  setWeights(state, factor, point);
  const parts = ts.map((t) => factor * sigmoid(t));
  const starts = factor === 1 ? ts : parts.map((part) => Math.log(part / (1 - part)));
  for (let i = 0; i < rows; i++) {
    alphas[i] = shares[i] * parts[labels[i]];
    if (alphas[i] > 0) logits[i] = starts[labels[i]];
  }
  const objective = masses.reduce((sum, mass, k) => sum + mass * softplus(ts[k]), 0);
  return { objective, penalty: (factor * factor * energy) / 2, passes: 0 };
}

/** Dual variables, their logits and the greatest values that they could have; of rows, or of classes of equal rows. */
type Duals = Pick<DualState, "alphas" | "logits"> & Pick<Design, "shares">;

/**
 * The c in (0, 1] at which the dual at c alpha is greatest, by Newton's method on its slope, which falls as c rises.
 * @param duals at c = 1
 */
function bestFactor({ alphas, logits, shares }: Duals, energy: number): number {
  let low = 0;
  let high = 1;
  let c = 1;
  for (let k = 0; k < 60; k++) {
    let slope = -c * energy;
    let curvature = energy;
    for (let i = 0; i < alphas.length; i++) {
      const a = alphas[i];
      if (a === 0) continue;
      const rest = shares[i] - c * a;
      slope -= a * (c === 1 ? logits[i] : Math.log((c * a) / rest));
      curvature += (a * shares[i]) / (c * Math.max(rest, Number.MIN_VALUE));
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
