import { planInOrder, sparseAsGiven, weightsAsGiven } from "./column-order";
import type { Design } from "./design";
import { solve } from "./fit";
import type { Answer } from "./joined";
import type { Monitor } from "./monitor";
import { followPath, type PathOutcome, type PathPlan } from "./path-job";
import type { Plan } from "./plan";

/** What can be asked of a thread that has a design. */
export type Job =
  /** `output` names the class that is fitted alone; left out, all are. */
  | { readonly kind: "fit"; readonly plan: Plan; readonly output?: number }
  | { readonly kind: "path"; readonly path: PathPlan }
  | ModuleJob;

/** A job of a later folder, which this one can't import: the file that exports {@link ModuleRun} as `run`, and its task. */
export interface ModuleJob {
  readonly kind: "module";
  readonly file: string;
  readonly task: object;
}

/** Does a {@link ModuleJob} on rows and columns as they were given. */
export type ModuleRun = (design: Design, task: never, monitor: Monitor) => object;

/** What came of a job. */
export type JobResult = Answer | PathOutcome | object;

/** Does a job, told and answered in terms of the columns as they were given. @throws `cancelled` */
export function runJob(design: Design, job: Job, monitor: Monitor): JobResult {
  if (job.kind === "module") {
    const { run } = require(job.file) as { run: ModuleRun };
    return run(design, job.task as never, monitor);
  }
  const { order, given } = design;
  if (job.kind === "fit") {
    if (order === null) return solve(design, job.plan, monitor, job.output);
    const own = (weights: Float64Array) => weightsAsGiven(weights, order, given.columns);
    const solution = solve(design, planInOrder(job.plan, order), monitor, job.output, own);
    const { weights } = solution;
    if (weights instanceof Float64Array) return solution;
    return { ...solution, weights: sparseAsGiven(weights, order, given.columns) };
  }
  if (order === null) return followPath(design, job.path, monitor);
  const path = { ...job.path, plan: planInOrder(job.path.plan, order) };
  const outcome = followPath(design, path, monitor);
  const steps = outcome.steps.map((step) => ({
    ...step,
    weights: sparseAsGiven(step.weights, order, given.columns),
  }));
  return { ...outcome, steps };
}
