import type { Design } from "./design";
import { lossesOf } from "./losses/by-link";
import type { PenaltyPlan } from "./penalty-options";
import type { Plan } from "./plan";
import { interceptsOf } from "./start";

/** The share of L1 that a path of L2 begins with, since L2 leaves weights at any strength (glmnet's convention). */
const leastRatio = 1e-3;

/** The least strength that leaves no weight, and the mean loss of the intercepts alone. */
export function strongestLambda(design: Design, plan: Plan): { lambda: number; nullLoss: number } {
  const mark = design.arena.mark();
  const { link, classes, fitIntercept } = plan;
  const losses = lossesOf(design, link, classes).map((make) => make());
  const intercepts = interceptsOf(design.labels, design.shares, classes, link, fitIntercept);
  let lambda = 0;
  let nullLoss = 0;
  losses.forEach((loss, k) => {
    const w = design.parameters(loss.outputs);
    const g = design.parameters(loss.outputs);
    w.set(link === "ovr" ? intercepts.subarray(k, k + 1) : intercepts, design.columns * loss.outputs);
    nullLoss += loss.gradient(w, g);
    lambda = Math.max(lambda, leastOf(plan.penalty, g, design.columns, loss.outputs));
  });
  design.arena.rewind(mark);
  return { lambda, nullLoss };
}

/** The least strength at which zero weights are best for the gradient there. */
function leastOf(penalty: PenaltyPlan, slopes: Float64Array, columns: number, K: number): number {
  const { scale, weights, groups } = penalty;
  const unit = (j: number) => (scale === null ? 1 : scale[j]);
  const factor = (j: number) => (weights === null ? 1 : weights[j]);
  let most = 0;
  if (groups === null) {
    const ratio = Math.max(penalty.l1Ratio, leastRatio);
    for (let j = 0; j < columns; j++) {
      if (factor(j) === 0) continue;
      for (let k = 0; k < K; k++) {
        most = Math.max(most, (Math.abs(slopes[j * K + k]) * unit(j)) / (ratio * factor(j)));
      }
    }
    return most;
  }
  const count = groups.reduce((most, g) => Math.max(most, g + 1), 0);
  const [squares, sizes, factors] = Array.from({ length: 3 }, () => new Float64Array(count));
  for (let j = 0; j < columns; j++) {
    const g = groups[j];
    for (let k = 0; k < K; k++) squares[g] += (slopes[j * K + k] * unit(j)) ** 2;
    sizes[g] += K;
    factors[g] = Math.max(factors[g], factor(j));
  }
  for (let g = 0; g < count; g++) {
    if (factors[g] > 0) most = Math.max(most, Math.sqrt(squares[g] / sizes[g]) / factors[g]);
  }
  return most;
}
