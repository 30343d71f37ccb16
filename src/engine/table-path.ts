import type { Watch } from "../base/progress";
import { type PathOptions, parsePath, pathOf } from "../train/path";
import type { PathOutcome } from "../train/path-job";
import type { RegularizationPath } from "../train/regularization-path";
import type { PathPart } from "./judged-table";
import type { PathTask } from "./path-job";
import { runTableJob } from "./table-jobs";
import { type PlannedTable, problemOf } from "./table-plan";

/**
 * A path of fits to a packed table, and as its job told it.
 * @param some rows or weights; left out, all, by the options' strengths
 */
export async function pathOn(
  table: PlannedTable,
  options: PathOptions,
  watch: Watch,
  some?: PathPart,
): Promise<{ readonly path: RegularizationPath; readonly outcome: PathOutcome }> {
  const { settings, strengths, earlyStop } = parsePath(options, {
    rows: table.rows,
    columns: table.packed.columns,
  });
  const whole = problemOf(table, settings, some?.masses ?? table.masses, some?.part ?? null);
  const problem = { ...whole, plan: { ...whole.plan, mask: some?.mask ?? null } };
  const task: PathTask = {
    problem,
    strengths: some?.strengths ?? strengths,
    earlyStop: some === undefined && earlyStop,
  };
  const { columns } = table.packed;
  const outcome = await runTableJob<PathOutcome>("path-job", task, columns, settings.threads, watch, "path");
  return { path: pathOf(table, problem.plan, outcome), outcome };
}
