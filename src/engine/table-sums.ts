import type { LinearScorer } from "../model/linear";
import { parseObs } from "../prune/obs/options";
import type { PruneOptions } from "../prune/options";
import { mostDense } from "../quantize/compensate";
import { planQuantization, type QuantizeOptions } from "../quantize/options";
import { mostOfOutput } from "../quantize/quantize";
import type { CodingRows } from "../quantize/rows";
import { parseThreads } from "../train/options";
import type { Aggregate } from "./aggregate";
import type { LevelsFound } from "./fit-levels";
import type { PackedLevels } from "./levels-job";
import { packedJudged } from "./packed-judged";
import type { SummedTable } from "./summed-rows";
import type { SumsTask } from "./sums-job";
import { runTableJob } from "./table-jobs";
import type { PlannedTable } from "./table-plan";
import { refitOn } from "./table-refit";

/** A packed table as one that is summed over. */
export function packedSums(table: PlannedTable): SummedTable {
  const { packed, room } = table;
  return {
    ...packedJudged(table),
    room,
    abreast: 1,
    sums: async (requests, signal) => {
      const task: SumsTask = { packed, requests };
      const watch = signal === undefined ? {} : { signal };
      const threads = parseThreads(undefined);
      return await runTableJob<Aggregate[]>("sums-job", task, packed.columns, threads, watch, "sums");
    },
    levels: async (task, watch) => {
      const own: PackedLevels = { packed, task };
      const threads = parseThreads(undefined);
      return await runTableJob<LevelsFound>("levels-job", own, packed.columns, threads, watch, "refit");
    },
    refit: async (parts, mask, lambda, rows, signal) =>
      await refitOn(table, parts, mask, lambda, signal === undefined ? {} : { signal }, rows),
  };
}

/** Squares of the parameters that stand at a time: two sums over blocks, a copy for this thread, and the inverse. */
const squares = 8;

/** The most parameters whose Hessian fits. */
export function mostSquared({ room }: SummedTable): number {
  return Math.floor(Math.sqrt(room / (8 * squares)));
}

/**
 * Whether sums over all rows are all that pruning asks for: for every strategy, of which `obs` and `bestSubset`, which starts from it,
 * hold the inverse of a Hessian.
 * @param room bytes that Hessians, of all classes where each has its own, may take
 */
export function isSummable(
  model: LinearScorer,
  { strategy, obs }: Pick<PruneOptions, "strategy" | "obs">,
  room: number,
): boolean {
  if (strategy !== "obs" && strategy !== "bestSubset") return true;
  return Math.max(...sizesOf(model)) <= parseObs(obs ?? {}).dense && squaresFit(model, room);
}

/**
 * Whether sums over all rows are all that quantization asks for: for every rounding, of which `compensated`, from which `descent` starts
 * where no output has too many weights, holds the Hessian of all.
 * @param room as of {@link isSummable}
 */
export function isCodable(
  model: LinearScorer,
  options: QuantizeOptions,
  rows: CodingRows,
  room: number,
): boolean {
  const { rounding } = planQuantization(options, model, rows);
  const positions = Uint32Array.from(model.weights.keys()).filter((at) => model.weights[at] !== 0);
  const nearest = rounding === "descent" && mostOfOutput(positions, model.outputs) > mostDense;
  const squared = (rounding === "descent" && !nearest) || rounding === "compensated";
  return !squared || squaresFit(model, room);
}

function squaresFit(model: LinearScorer, room: number): boolean {
  const numbers = sizesOf(model).reduce((sum, size) => sum + size ** 2, 0);
  return 8 * squares * numbers <= room;
}

/** The parameters of each problem: of each output, or of all where they share their rows' loss. */
function sizesOf({ weights, outputs, link }: LinearScorer): Float64Array {
  const counts = new Float64Array(link === "ovr" ? outputs : 1);
  weights.forEach((w, at) => {
    if (w !== 0) counts[at % counts.length]++;
  });
  return counts.map((count) => count + outputs / counts.length);
}
