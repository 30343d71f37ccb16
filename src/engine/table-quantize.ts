import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { QuantizeOptions } from "../quantize/options";
import { precisionFor, roundTo } from "../quantize/precision";
import { quantize } from "../quantize/quantize";
import { QuantizedModel } from "../quantize/quantized";
import { parseThreads } from "../train/options";
import type { LevelsFound } from "./fit-levels";
import type { JudgedTable } from "./judged-table";
import { type LevelFitter, type LevelsPlan, levelTask, withFound } from "./level-task";
import type { PackedLevels } from "./levels-job";
import { packedJudged } from "./packed-judged";
import { compareOn } from "./table-comparison";
import { runTableJob } from "./table-jobs";
import type { PlannedTable } from "./table-plan";
import { supportOf } from "./table-reduce";
import { type RowSample, rowsHere, sampledWarning } from "./table-sample";

/** What a step needs beside its rows, which it holds twice. */
const share = 1 / 2;

/** See `PackedTable.quantize`. */
export async function quantizeOn(
  table: PlannedTable,
  model: LinearScorer,
  options: Omit<QuantizeOptions, "data">,
  watch: Watch,
): Promise<QuantizedModel> {
  const { seed = 0 } = options;
  const { data, sample } = await rowsHere(table, supportOf(model), share * table.room, seed, watch);
  const found = await quantize(model, { ...options, data }, watch);
  if (sample === null) return found;
  return await quantizedBy(packedJudged(table), levelFitter(table), model, found, sample, watch);
}

/** What was quantized by a sample, its levels fitted to all rows where they were fitted again, and judged by them. */
export async function quantizedBy(
  table: JudgedTable & { readonly rows: number },
  fitter: LevelFitter,
  model: LinearScorer,
  found: QuantizedModel,
  sample: RowSample,
  watch: Watch,
): Promise<QuantizedModel> {
  const report = found.quantization!;
  const { refitLambda: lambda, levelPrecision } = report;
  const { scale, fitIntercept } = model;
  const stored: LevelsPlan["stored"] = {
    levels: (values) => roundTo(values, precisionFor(values, levelPrecision)),
    intercepts: (values) => values.map(Math.fround),
  };
  // Levels within bounds are those of the sample.
  const refits = lambda !== null && (model.bounds ?? null) === null;
  const after = refits ? await fitter(found, { lambda, scale, fitIntercept, stored }, watch) : found;
  const judged = await compareOn(table, { model, after }, watch);
  const [before, own] = judged.rows;
  const what = refits
    ? "A sample decided the codes, and all rows the levels and intercepts"
    : "A sample decided the codes";
  const { classes, link, featureNames, positions, codes, scheme, intercepts } = after;
  return new QuantizedModel({
    ...{ classes, link, featureNames, positions, codes, scheme, intercepts },
    quantization: {
      ...report,
      loss: {
        rows: table.rows,
        before: before.evaluation.logLoss,
        after: own.evaluation.logLoss,
        changed: own.difference!.changed,
      },
      warnings: [...(report.warnings ?? []), sampledWarning(sample, what)],
    },
  });
}

/** What fits levels to the packed rows of a table. */
export function levelFitter(table: PlannedTable): LevelFitter {
  const { packed, masses } = table;
  return async (coded, plan, watch) => {
    const task: PackedLevels = { packed, task: levelTask(coded, plan, packed.columns, masses) };
    const threads = parseThreads(undefined);
    const found = await runTableJob<LevelsFound>("levels-job", task, packed.columns, threads, watch, "refit");
    return withFound(coded, found, plan);
  };
}
