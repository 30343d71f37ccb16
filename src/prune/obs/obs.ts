import type { LinearParts } from "../../model/linear";
import type { Arena } from "../../simd/memory";
import type { Pace } from "../../train/pace";
import type { Contest } from "../contest";
import type { Target } from "../mask";
import type { PruneRows } from "../rows";
import type { LocalProblem } from "./curvature";
import { eliminate } from "./eliminate";
import { Inverse } from "./inverse";
import type { ObsPlan } from "./options";
import { withArena } from "./room";
import { Standing } from "./state";
import { thin } from "./thin";

/** What is left of a model by the surgeon, and what it predicts of it. */
interface Surgery {
  readonly mask: Uint8Array;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /**
   * For each weight what the objective rises by, as the quadratic model has it, once it and all that went before it are
   * gone; for those that stay, once it goes next.
   */
  readonly importances: Float64Array;
  /** The rise of the objective, in nats a row, as the quadratic model has it. */
  readonly predicted: number;
  /** The share of its diagonal that was added to the Hessian, which was singular without; 0 where it was not. */
  readonly ridge: number;
}

/**
 * The optimal brain surgeon (Hassibi and Stork, 1993) on the exact Hessian of the mean log-loss plus lambda/2
 * ||w / scale||^2, at the minimum of which the model is taken to stand. Up to `dense` parameters of a problem the inverse is
 * held; beyond, where the rows are in memory, weights go in rounds until as many are left, the Hessian taken anew after each.
 */
export async function surgery(
  rows: PruneRows,
  model: LinearParts,
  contest: Contest,
  target: Target,
  lambda: number,
  plan: ObsPlan,
  pace: Pace,
): Promise<Surgery> {
  const standing = new Standing(contest, model.weights, target);
  return await withArena((arena) => operate(rows, model, standing, lambda, plan, arena, pace));
}

async function operate(
  rows: PruneRows,
  model: LinearParts,
  standing: Standing,
  lambda: number,
  { block, dense }: ObsPlan,
  arena: Arena,
  pace: Pace,
): Promise<Surgery> {
  const values = new Float64Array(model.weights.length + model.intercepts.length);
  values.set(model.weights);
  values.set(model.intercepts, model.weights.length);
  const partsOf = (): LinearParts => ({
    ...model,
    weights: values.slice(0, model.weights.length),
    intercepts: values.slice(model.weights.length),
  });
  let ridge = 0;
  for (;;) {
    arena.clear();
    const problems = await rows.hessians(partsOf(), lambda, arena);
    const locals = problems
      .map(({ local }) => local)
      .filter((local): local is LocalProblem => local !== null);
    if (locals.some(({ places }) => places.length > dense)) {
      if (standing.candidates().length === 0) break;
      const moved = await thin(locals, values, standing, dense, pace);
      if (moved === null) break;
      values.set(moved);
      continue;
    }
    const inverses: Inverse[] = [];
    for (const hessian of problems) {
      const own = Float64Array.from(hessian.places, (place) => values[place]);
      inverses.push(await Inverse.of(hessian, own, block, arena, pace));
    }
    const before = standing.count;
    await eliminate(inverses, standing, block, pace);
    standing.mask.forEach((kept, at) => {
      if (kept === 0) values[at] = 0;
    });
    for (const inverse of inverses) {
      ridge = Math.max(ridge, inverse.ridge);
      // There and back again takes the last digit.
      if (standing.count === before) continue;
      inverse.places.forEach((place, row) => {
        values[place] = inverse.weight(row);
      });
    }
    break;
  }
  const { mask, importances, total } = standing;
  if (model.link === "softmax" && model.fitIntercept !== false) centre(values.subarray(model.weights.length));
  const parts = partsOf();
  hold(parts);
  mask.forEach((kept, at) => {
    if (kept === 1 && parts.weights[at] === 0) mask[at] = 0;
    if (kept === 1 && importances[at] === 0) importances[at] = total + Number.MIN_VALUE;
  });
  return { mask, weights: parts.weights, intercepts: parts.intercepts, importances, predicted: total, ridge };
}

/** The quadratic model knows no bounds: survivors that it moves beyond theirs stop there. */
function hold({ weights, intercepts, bounds }: LinearParts): void {
  const { lower, upper } = bounds ?? { lower: null, upper: null };
  const outputs = intercepts.length;
  for (let at = 0; at < weights.length; at++) {
    const column = Math.floor(at / outputs);
    if (lower !== null) weights[at] = Math.max(weights[at], lower[column]);
    if (upper !== null) weights[at] = Math.min(weights[at], upper[column]);
  }
}

/** Softmax does not see a shift of all intercepts; centred, the answer is one. */
function centre(intercepts: Float64Array): void {
  const mean = intercepts.reduce((sum, b) => sum + b, 0) / intercepts.length;
  for (let k = 0; k < intercepts.length; k++) intercepts[k] -= mean;
}
