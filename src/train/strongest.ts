import { compositePenalty } from "./composite-penalty";
import type { Design } from "./design";
import { lossesOf } from "./losses/by-link";
import { withStrength } from "./penalty-options";
import type { Plan } from "./plan";
import { interceptsOf } from "./start";

/** The share of L1 that a path of L2 begins with, since L2 leaves weights at any strength (glmnet's convention). */
export const leastRatio: number = 1e-3;

/** The least strength that leaves no weight, and the mean loss of the intercepts alone. */
export function strongestLambda(design: Design, plan: Plan): { lambda: number; nullLoss: number } {
  const mark = design.arena.mark();
  const { link, classes, fitIntercept } = plan;
  const losses = lossesOf(design, link, classes).map((make) => make());
  const intercepts = interceptsOf(design.labels, design.shares, classes, link, fitIntercept);
  const unit = withStrength(plan.penalty, 1, Math.max(plan.penalty.l1Ratio, leastRatio));
  let lambda = 0;
  let nullLoss = 0;
  losses.forEach((loss, k) => {
    const w = design.parameters(loss.outputs);
    const g = design.parameters(loss.outputs);
    w.set(link === "ovr" ? intercepts.subarray(k, k + 1) : intercepts, design.columns * loss.outputs);
    nullLoss += loss.gradient(w, g);
    const table = { columns: design.columns, outputs: loss.outputs, scale: plan.penalty.scale, frozen: null };
    lambda = Math.max(lambda, compositePenalty(unit, table).ceiling(g));
  });
  design.arena.rewind(mark);
  return { lambda, nullLoss };
}
