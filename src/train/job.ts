import type { Design } from "./design";
import { type Plan, type Solution, solve } from "./fit";
import type { Monitor } from "./monitor";

/** What can be asked of a thread that has a design. */
export type Job = { readonly kind: "fit"; readonly plan: Plan };

/** What came of a job. */
export type JobResult = Solution;

/** Does a job. @throws `cancelled` */
export function runJob(design: Design, job: Job, monitor: Monitor): JobResult {
  return solve(design, job.plan, monitor);
}
