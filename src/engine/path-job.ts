import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { Monitor } from "../train/monitor";
import { alongPath, type PathOutcome, type Strengths, type Strongest } from "../train/path-job";
import type { PenaltyPlan } from "../train/penalty-options";
import { answeredHere } from "./aggregate";
import { outputsOf } from "./block-terms";
import { PackedAggregates } from "./packed-aggregates";
import { lossesOf, type PackedFitter, type PackedProblem, packedFitters } from "./packed-fitters";
import { stronger, strongestFor } from "./strongest";

/** A path of fits to packed rows. */
export interface PathTask {
  readonly problem: PackedProblem;
  readonly strengths: Strengths;
  readonly earlyStop: boolean;
}

/** Follows a {@link PathTask}. */
export const run: ModuleRun = (design: Design, task: never, monitor: Monitor): PathOutcome => {
  const { problem, strengths, earlyStop } = task as PathTask;
  const strongest = strongestOf(design, problem);
  const mark = design.arena.mark();
  const fitters: PackedFitter[] = [];
  try {
    for (const make of packedFitters(design, problem, true)) fitters.push(make());
    const steps = "count" in strengths ? strengths.count : strengths.length;
    let done = 0;
    const along: Monitor = {
      check: monitor.check,
      report(at, total, message) {
        done = at;
        monitor.report(at, total, message);
      },
    };
    // A fit's own count of iterations would jump about between the steps of the path.
    const within: Monitor = {
      check: monitor.check,
      report: (_done, _total, message) => monitor.report(done, steps, message),
    };
    const heard = fitters.map((fitter) => ({ fit: (penalty: PenaltyPlan) => fitter.fit(penalty, within) }));
    return alongPath({ plan: problem.plan, strengths, earlyStop }, strongest, heard, along);
  } finally {
    for (const fitter of fitters) fitter.close();
    design.arena.rewind(mark);
  }
};

function strongestOf(design: Design, problem: PackedProblem): Strongest {
  return lossesOf(problem.plan).reduce<Strongest>(
    (most, loss, k) => {
      const aggregates = new PackedAggregates(design, problem.packed, outputsOf(loss));
      try {
        const own = answeredHere(
          aggregates.aggregate,
          strongestFor(problem, loss, k, problem.packed.columns),
        );
        return stronger(most, own);
      } finally {
        aggregates.close();
      }
    },
    { lambda: 0, nullLoss: 0 },
  );
}
