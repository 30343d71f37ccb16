import { listening } from "../base/ambient-signal";
import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { QuantizeOptions } from "../quantize/options";
import { precisionFor, roundTo } from "../quantize/precision";
import { quantize, quantizeBy } from "../quantize/quantize";
import { QuantizedModel } from "../quantize/quantized";
import { type LevelsPlan, levelTask, withFound } from "./level-task";
import { summedCoding } from "./summed-coding";
import type { SummedTable } from "./summed-rows";
import { checkJudged, compareOn } from "./table-comparison";
import type { PlannedTable } from "./table-plan";
import { reducedIfRoom, supportOf } from "./table-reduce";
import { type RowSample, rowsHere, sampledWarning } from "./table-sample";
import { isCodable, packedSums } from "./table-sums";

/** What a step needs beside its rows, which it holds twice. */
const share = 1 / 2;

/** See `PackedTable.quantize`. */
export async function quantizeOn(
  table: PlannedTable,
  model: LinearScorer,
  options: Omit<QuantizeOptions, "data">,
  watch: Watch,
): Promise<QuantizedModel> {
  const support = supportOf(model);
  const room = share * table.room;
  const sums = packedSums(table);
  if (codesBySums(sums, model, options, table.room)) {
    const held = await reducedIfRoom(table, support, room, watch);
    if (held !== null) return await quantize(model, { ...options, data: held }, watch);
    return await quantizedBySums(sums, model, options, watch);
  }
  const { data, sample } = await rowsHere(table, support, room, options.seed ?? 0, watch);
  const drawn = await quantize(model, { ...options, data }, watch);
  return sample === null ? drawn : await quantizedBySample(sums, model, drawn, sample, watch);
}

/** Whether sums over all rows are all that quantization asks for, see {@link isCodable}. */
export function codesBySums(
  table: SummedTable,
  model: LinearScorer,
  options: Omit<QuantizeOptions, "data">,
  room: number,
): boolean {
  return isCodable(model, options, summedCoding(table, options.seed ?? 0, undefined), room);
}

/** Quantizes by sums over all rows, wherever they are: what it would be with them in memory. */
export async function quantizedBySums(
  table: SummedTable,
  model: LinearScorer,
  options: Omit<QuantizeOptions, "data">,
  watch: Watch,
): Promise<QuantizedModel> {
  const heard = listening(watch);
  const rows = summedCoding(table, options.seed ?? 0, heard.signal);
  checkJudged(table, model);
  return await quantizeBy(rows, model, options, heard);
}

/** What was quantized by a sample, its levels fitted to all rows where they were fitted again, and judged by them. */
export async function quantizedBySample(
  table: SummedTable,
  model: LinearScorer,
  found: QuantizedModel,
  sample: RowSample,
  watch: Watch,
): Promise<QuantizedModel> {
  const report = found.quantization!;
  const { refitLambda: lambda, levelPrecision } = report;
  const { scale, fitIntercept, bounds } = model;
  const stored: LevelsPlan["stored"] = {
    levels: (values) => roundTo(values, precisionFor(values, levelPrecision)),
    intercepts: (values) => values.map(Math.fround),
  };
  const refits = lambda !== null;
  const plan = { lambda: lambda ?? 0, scale, fitIntercept, bounds, stored };
  const after = refits ? await withFittedLevels(table, found, plan, watch) : found;
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

/** Codes with their levels and intercepts fitted to all rows of a table. */
export async function withFittedLevels(
  table: SummedTable,
  coded: QuantizedModel,
  plan: LevelsPlan,
  watch: Watch,
): Promise<QuantizedModel> {
  const task = levelTask(coded, plan, table.columns, table.masses);
  return withFound(coded, await table.levels(task, watch), plan);
}
