import { listening } from "../base/ambient-signal";
import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { PruneOptions } from "../prune/options";
import { prune, pruneBy } from "../prune/prune";
import { PrunedModel, type PruneReport } from "../prune/pruned";
import { type SummedTable, summedRows } from "./summed-rows";
import { compareOn } from "./table-comparison";
import type { PlannedTable } from "./table-plan";
import { reducedIfRoom, supportOf } from "./table-reduce";
import { type RowSample, rowsHere, sampledWarning } from "./table-sample";
import { isSummable, packedSums } from "./table-sums";

/** What a step needs beside its rows, which it holds twice. */
const share = 1 / 2;

/** See `PackedTable.prune`. */
export async function pruneOn(
  table: PlannedTable,
  model: LinearScorer,
  options: Omit<PruneOptions, "data">,
  watch: Watch,
): Promise<PrunedModel> {
  const support = supportOf(model);
  const room = share * table.room;
  const sums = packedSums(table);
  if (isSummable(model, options, table.room)) {
    const held = await reducedIfRoom(table, support, room, watch);
    if (held !== null) return await prune(model, { ...options, data: held }, watch);
    return await prunedBySums(sums, model, options, watch);
  }
  const { data, sample } = await rowsHere(table, support, room, options.seed ?? 0, watch);
  const pruned = await prune(model, { ...options, data }, watch);
  return sample === null ? pruned : await prunedBySample(sums, model, pruned, options, sample, watch);
}

/** Prunes by sums over all rows, wherever they are: what it would be with them in memory. */
export async function prunedBySums(
  table: SummedTable,
  model: LinearScorer,
  options: Omit<PruneOptions, "data">,
  watch: Watch,
): Promise<PrunedModel> {
  const heard = listening(watch);
  return await pruneBy(summedRows(table, options.seed ?? 0, heard.signal), model, options, heard);
}

/** A model that was pruned by a sample: fitted again to all rows where its weights were moved, and judged by them. */
export async function prunedBySample(
  table: SummedTable,
  before: LinearScorer,
  pruned: PrunedModel,
  { strategy, l1 }: Omit<PruneOptions, "data">,
  sample: RowSample,
  watch: Watch,
): Promise<PrunedModel> {
  const { pruning, mask } = pruned;
  const moves = pruning.refitLambda !== null || strategy === "obs" || strategy === "bestSubset";
  if (!moves)
    return await judgedBy(table, before, pruned, sample, l1 === "path" ? " and what they are" : "", watch);
  const lambda = pruning.refitLambda ?? pruning.lambda ?? 0;
  const rows = { part: null, masses: table.masses };
  const { signal } = listening(watch);
  const { weights, intercepts, fit } = await table.refit(pruned, mask, lambda, rows, signal);
  const warnings = [...(pruning.warnings ?? []), ...fit.warnings];
  const fitted = rebuilt(
    pruned,
    { weights, intercepts },
    { ...pruning, refitLambda: lambda, warnings },
    before,
  );
  return await judgedBy(table, before, fitted, sample, ", and all rows what they are", watch);
}

/** A model that was pruned by a sample, judged by all rows. @param further what else is to be said of what decided */
async function judgedBy(
  table: SummedTable,
  before: LinearScorer,
  pruned: PrunedModel,
  sample: RowSample,
  further: string,
  watch: Watch,
): Promise<PrunedModel> {
  const { pruning } = pruned;
  const judged = await compareOn(table, { before, pruned }, watch);
  const [first, last] = judged.rows.map(({ evaluation }) => evaluation.logLoss);
  const rounds = (pruning.rounds ?? []).map((round, r, all) => {
    if (r === 0) return { ...round, logLoss: first };
    return r === all.length - 1 ? { ...round, logLoss: last } : round;
  });
  const warning = sampledWarning(sample, `A sample decided which weights stay${further}`);
  const warnings = [...(pruning.warnings ?? []), warning];
  return rebuilt(pruned, pruned, { ...pruning, rounds, warnings }, before);
}

function rebuilt(
  { classes, link, featureNames, scale, fitIntercept, bounds, mask, importances }: PrunedModel,
  { weights, intercepts }: Pick<PrunedModel, "weights" | "intercepts">,
  report: PruneReport,
  before: LinearScorer,
): PrunedModel {
  const parts = { classes, link, featureNames, scale, fitIntercept, bounds, weights, intercepts };
  return new PrunedModel(parts, mask, importances, report, before.weights);
}
