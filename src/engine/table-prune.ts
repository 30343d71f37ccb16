import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { PruneOptions } from "../prune/options";
import { prune } from "../prune/prune";
import { PrunedModel, type PruneReport } from "../prune/pruned";
import type { JudgedTable } from "./judged-table";
import { packedJudged } from "./packed-judged";
import { compareOn } from "./table-comparison";
import type { PlannedTable } from "./table-plan";
import { supportOf } from "./table-reduce";
import { refitOn } from "./table-refit";
import { type RowSample, rowsHere, sampledWarning } from "./table-sample";

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
  const { data, sample } = await rowsHere(table, support, share * table.room, options.seed ?? 0, watch);
  const pruned = await prune(model, { ...options, data }, watch);
  return sample === null ? pruned : await settled(table, model, pruned, options, sample, watch);
}

/** A model that was pruned by a sample: fitted again to all rows where its weights were moved, and judged by them. */
async function settled(
  table: PlannedTable,
  before: LinearScorer,
  pruned: PrunedModel,
  { strategy }: Omit<PruneOptions, "data">,
  sample: RowSample,
  watch: Watch,
): Promise<PrunedModel> {
  const { pruning, mask } = pruned;
  const moves = pruning.refitLambda !== null || strategy === "obs" || strategy === "bestSubset";
  if (!moves) return await prunedBy(packedJudged(table), before, pruned, sample, watch);
  const lambda = pruning.refitLambda ?? pruning.lambda ?? 0;
  const { weights, intercepts, fit } = await refitOn(table, pruned, mask, lambda, watch);
  const warnings = [...(pruning.warnings ?? []), ...fit.warnings];
  const fitted = rebuilt(
    pruned,
    { weights, intercepts },
    { ...pruning, refitLambda: lambda, warnings },
    before,
  );
  return await prunedBy(packedJudged(table), before, fitted, sample, watch, ", and all rows what they are");
}

/** A model that was pruned by a sample, judged by all rows. @param further what else is to be said of what decided */
export async function prunedBy(
  table: JudgedTable,
  before: LinearScorer,
  pruned: PrunedModel,
  sample: RowSample,
  watch: Watch,
  further: string = "",
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
