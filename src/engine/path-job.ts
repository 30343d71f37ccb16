import { compositePenalty } from "../train/composite-penalty";
import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { Monitor } from "../train/monitor";
import { alongPath, type PathOutcome, type Strengths } from "../train/path-job";
import { type PenaltyPlan, withStrength } from "../train/penalty-options";
import { leastRatio } from "../train/strongest";
import { PackedAggregates } from "./packed-aggregates";
import { lossesOf, type PackedFitter, type PackedProblem, packedFitters } from "./packed-fitters";

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

/** The least strength that leaves no weight, and the mean loss of the intercepts alone. */
function strongestOf(
  design: Design,
  { packed, plan, factors, part }: PackedProblem,
): { lambda: number; nullLoss: number } {
  const { columns } = packed;
  const { start, link, penalty } = plan;
  const unit = withStrength(penalty, 1, Math.max(penalty.l1Ratio, leastRatio));
  let lambda = 0;
  let nullLoss = 0;
  lossesOf(plan).forEach((loss, k) => {
    const outputs = loss.kind === "softmax" ? loss.classes : 1;
    const aggregates = new PackedAggregates(design, packed, outputs);
    try {
      const parameters = new Float64Array((columns + 1) * outputs);
      parameters.set(
        link === "ovr" ? start.intercepts.subarray(k, k + 1) : start.intercepts,
        columns * outputs,
      );
      const at = aggregates.aggregate({ kind: "gradient" }, { loss, parameters, factors, part });
      const table = { columns, outputs, scale: penalty.scale, frozen: null };
      nullLoss += at.loss;
      lambda = Math.max(lambda, compositePenalty(unit, table).ceiling(at.gradient));
    } finally {
      aggregates.close();
    }
  });
  return { lambda, nullLoss };
}
