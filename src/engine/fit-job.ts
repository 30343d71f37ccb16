import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import { Joined } from "../train/joined";
import type { Monitor } from "../train/monitor";
import type { Solution } from "../train/plan";
import { inFull } from "../train/sparse-weights";
import { type PackedProblem, packedFitters } from "./packed-fitters";

/** Does a {@link PackedProblem}: one fit, or one for each class where the link is `ovr`. */
export const run: ModuleRun = (design: Design, task: never, monitor: Monitor): Solution => {
  const problem = task as PackedProblem;
  const fitters = packedFitters(design, problem, false);
  const joined = new Joined();
  const mark = design.arena.mark();
  for (const make of fitters) {
    const fitter = make();
    try {
      const solution = fitter.fit(problem.plan.penalty, monitor);
      const own = { ...solution, weights: solution.weights.slice() };
      if (fitters.length === 1) return own;
      joined.add(own);
    } finally {
      fitter.close();
      design.arena.rewind(mark);
    }
  }
  return { ...joined.solution, weights: inFull(joined.solution.weights) };
};
