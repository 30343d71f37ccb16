import type { Design } from "../train/design";
import { Fitter } from "../train/fitter";
import type { ModuleRun } from "../train/job";
import { Joined } from "../train/joined";
import type { Monitor } from "../train/monitor";
import type { Plan, Solution } from "../train/plan";
import { inFull } from "../train/sparse-weights";
import type { PackedRows } from "./block-layout";
import { BlockPasses } from "./block-passes";
import { PackedLogistic } from "./packed-logistic";

/** A fit to packed rows. */
export interface FitTask {
  readonly packed: PackedRows;
  readonly plan: Plan;
  /** What the weight of a row of each class is multiplied by for its share of the mean loss. */
  readonly factors: Float64Array;
}

/** Does a {@link FitTask} by trust-region Newton, one sigmoid a class where the link is `ovr`. */
export const run: ModuleRun = (design: Design, task: never, monitor: Monitor): Solution => {
  const { packed, plan, factors } = task as FitTask;
  const fits = plan.link === "ovr" ? plan.classes : 1;
  const joined = new Joined();
  const mark = design.arena.mark();
  for (let k = 0; k < fits; k++) {
    const passes = new BlockPasses(design, packed, factors, 2);
    try {
      const positive = plan.link === "ovr" ? k : 1;
      const fitter = new Fitter(design, plan, new PackedLogistic(passes, positive), startOf(plan, k));
      const solution = fitter.fit(plan.penalty, monitor);
      const own = { ...solution, weights: solution.weights.slice() };
      fitter.close();
      if (fits === 1) return own;
      joined.add(own);
    } finally {
      passes.close();
      design.arena.rewind(mark);
    }
  }
  return { ...joined.solution, weights: inFull(joined.solution.weights) };
};

function startOf({ start, link, classes }: Plan, k: number): Plan["start"] {
  if (link !== "ovr") return start;
  return {
    weights: start.weights === null ? null : start.weights.filter((_, j) => j % classes === k),
    intercepts: start.intercepts.slice(k, k + 1),
  };
}
