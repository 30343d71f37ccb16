import type { Design } from "./design";
import { solve } from "./fit";
import type { Monitor } from "./monitor";
import { followPath, type PathOutcome, type PathPlan } from "./path-job";
import type { Plan, Solution } from "./plan";

/** What can be asked of a thread that has a design. */
export type Job =
  | { readonly kind: "fit"; readonly plan: Plan }
  | { readonly kind: "path"; readonly path: PathPlan };

/** What came of a job. */
export type JobResult = Solution | PathOutcome;

/** Does a job. @throws `cancelled` */
export function runJob(design: Design, job: Job, monitor: Monitor): JobResult {
  return job.kind === "fit" ? solve(design, job.plan, monitor) : followPath(design, job.path, monitor);
}
