import type { LinearScorer } from "../model/linear";
import { parseObs } from "../prune/obs/options";
import type { PruneOptions } from "../prune/options";
import { parseThreads } from "../train/options";
import type { Aggregate } from "./aggregate";
import { packedJudged } from "./packed-judged";
import type { SummedTable } from "./summed-rows";
import type { SumsTask } from "./sums-job";
import { runTableJob } from "./table-jobs";
import type { PlannedTable } from "./table-plan";
import { refitOn } from "./table-refit";

/** A packed table as one that is summed over. */
export function packedSums(table: PlannedTable): SummedTable {
  const { packed } = table;
  return {
    ...packedJudged(table),
    sums: async (requests, signal) => {
      const task: SumsTask = { packed, requests };
      const watch = signal === undefined ? {} : { signal };
      const threads = parseThreads(undefined);
      return await runTableJob<Aggregate[]>("sums-job", task, packed.columns, threads, watch, "sums");
    },
    refit: async (parts, mask, lambda, rows, signal) =>
      await refitOn(table, parts, mask, lambda, signal === undefined ? {} : { signal }, rows),
  };
}

/** Squares of the parameters that stand at a time: two sums over blocks, a copy for this thread, and the inverse. */
const squares = 8;

/**
 * Whether sums over all rows are all that pruning asks for: for every strategy but the path of `l1` and `bestSubset`, which starts
 * from it, and for `obs` where the inverse of its Hessian is held.
 * @param room bytes that Hessians, of all classes where each has its own, may take
 */
export function isSummable(
  { weights, outputs, link }: LinearScorer,
  { strategy, l1, obs }: Pick<PruneOptions, "strategy" | "l1" | "obs">,
  room: number,
): boolean {
  if (strategy === "bestSubset" || l1 === "path") return false;
  if (strategy !== "obs") return true;
  const counts = new Float64Array(link === "ovr" ? outputs : 1);
  weights.forEach((w, at) => {
    if (w !== 0) counts[at % counts.length]++;
  });
  const intercepts = outputs / counts.length;
  const sizes = counts.map((count) => count + intercepts);
  const numbers = sizes.reduce((sum, size) => sum + size ** 2, 0);
  return Math.max(...sizes) <= parseObs(obs ?? {}).dense && 8 * squares * numbers <= room;
}
