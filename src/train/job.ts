import type { Design } from "./design";
import { solve } from "./fit";
import type { Monitor } from "./monitor";
import type { Plan, Solution } from "./plan";

/** What can be asked of a thread that has a design. */
export type Job = { readonly kind: "fit"; readonly plan: Plan };

/** What came of a job. */
export type JobResult = Solution;

/** Does a job. @throws `cancelled` */
export function runJob(design: Design, job: Job, monitor: Monitor): JobResult {
  return solve(design, job.plan, monitor);
}
