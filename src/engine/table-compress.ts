import { listening } from "../base/ambient-signal";
import { LogitpressError } from "../base/errors";
import type { Watch } from "../base/progress";
import { compress } from "../compress/compress";
import type { CompressedPoint, Compression } from "../compress/compression";
import { stored } from "../compress/descend-job";
import { type CompressOptions, planCompression, pooledName } from "../compress/options";
import { smallest } from "../compress/point";
import { Dataset } from "../matrix/dataset";
import { LinearScorer } from "../model/linear";
import { PackedModel } from "../pack/packed";
import type { PackOptions } from "../pack/write";
import type { QuantizedModel } from "../quantize/quantized";
import { bytesOf } from "./held-rows";
import { type JudgedSearch, judgedByRest, type SampledSubject } from "./judged-search";
import type { SummedTable } from "./summed-rows";
import { compareOn } from "./table-comparison";
import { pathOn } from "./table-path";
import type { PlannedTable } from "./table-plan";
import { withFittedLevels } from "./table-quantize";
import { reducedIfRoom, supportOf } from "./table-reduce";
import { type RowSample, type RowsHere, rowsHere, sampledWarning } from "./table-sample";
import { packedSums } from "./table-sums";

/** What a row takes in the search, for each output, and each of its stored values, in bytes: what was measured, and some more. */
const bytesOfRow = 1800;
const bytesOfValue = 140;
/** The share of the room that these may take: threads and what they compile take the rest. */
const share = 1 / 2;
/** The path on which features enter. */
const steps = 30;
const ratio = 1e-3;

/** See `PackedTable.compress`. */
export async function compressOn(
  table: PlannedTable,
  model: LinearScorer | PackedModel | null,
  options: CompressOptions,
  watch: Watch,
): Promise<Compression> {
  const { data, copies, sample, features } = await rowsFor(table, model, options, watch);
  const rows = spread(data, copies);
  const found = await compress(model ?? rows, rows, options, watch);
  if (sample === null) return found;
  const { scale } = table;
  const subject = { model: scorerOf(model), features, scale, seed: options.seed ?? 0 };
  return await compressedBySample(packedSums(table), found, subject, options, sample, watch);
}

/** The model that is compressed, also one that came with a file; `null` for none. */
export function scorerOf(model: LinearScorer | PackedModel | null): LinearScorer | null {
  const own = model instanceof PackedModel ? model.model : model;
  return own instanceof LinearScorer ? own : null;
}

/**
 * A search by a sample among whose models all rows choose, see {@link judgedByRest}. The levels and intercepts of the chosen model are then
 * fitted to all rows where it is of the data themselves: the strength and the weights of another input are in other units, and one file
 * holds them. All rows judge the front at last. Cancelled, it returns what was chosen until then.
 */
export async function compressedBySample(
  table: SummedTable,
  sampled: Compression,
  subject: SampledSubject,
  options: CompressOptions,
  sample: RowSample,
  watch: Watch,
): Promise<Compression> {
  if (sampled.cancelled) return sampled;
  const heard = listening(watch);
  const stopped = (found: Compression, by: string) => {
    const { message, remedy } = sampledWarning(sample, by);
    return found.revised(found.points, found.chosen, `${message} ${remedy}`, true);
  };
  const judging = await unlessCancelled(judgedByRest(table, sampled, subject, sample, heard));
  if (judging === null) return stopped(sampled, "A sample proposed the models and chose among them");
  const revised = await unlessCancelled(fittedToAll(table, judging, subject, options, sample, heard));
  const by =
    judging.unjudged === null
      ? "A sample proposed the models, and all rows chose among them"
      : "The search was by a sample";
  return revised ?? stopped(judging.search, `${by}, but nothing was fitted to all rows`);
}

/** What work gives, or `null` where it was cancelled. */
async function unlessCancelled<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LogitpressError && error.code === "cancelled") return null;
    throw error;
  }
}

/** The levels and intercepts of the chosen model fitted to all rows, and the front judged by them. */
async function fittedToAll(
  table: SummedTable,
  judging: JudgedSearch,
  subject: SampledSubject,
  { packing = {}, maxBytes = Number.POSITIVE_INFINITY }: CompressOptions,
  sample: RowSample,
  heard: Watch,
): Promise<Compression> {
  const { search: found } = judging;
  const { chosen } = found;
  const { lambda, input } = chosen;
  const how = { lambda, scale: subject.scale, stored: { levels: stored, intercepts: stored } };
  const fitted = input === "" ? await withFittedLevels(table, chosen.model, how, heard) : null;
  const front = [...new Set([chosen, ...found.front])].filter(
    (point) => point.input === "" || point.input === pooledName,
  );
  const scores = await scoresOf(
    table,
    [...front.map(({ model }) => model), ...(fitted ? [fitted] : [])],
    heard,
  );
  const judged = new Map(front.map((point, at) => [point, { ...point, allRows: scores[at] }]));
  const before: CompressedPoint = judged.get(chosen) ?? chosen;
  const after = fitted && { ...before, ...fileOf(fitted, packing), allRows: scores[front.length] };
  // Levels of few bits may have been rounded to worse ones, or to a file of some bytes more.
  const better =
    after !== null &&
    after.allRows.logLoss < before.allRows!.logLoss &&
    after.bytes <= Math.max(maxBytes, chosen.bytes);
  const best = better ? after : before;
  const points = found.points.map((point) => (point === chosen ? best : (judged.get(point) ?? point)));
  return found.revised(points, best, noteOf(judging, sample, best, better));
}

/** What is said of who proposed, who chose and who fitted. */
function noteOf(
  judging: JudgedSearch,
  sample: RowSample,
  { allRows, input }: CompressedPoint,
  fitted: boolean,
): string {
  const chosen =
    judging.unjudged === null
      ? "A sample proposed the models, and all rows chose among them"
      : "The search was by a sample";
  const { message, remedy } = sampledWarning(sample, chosen);
  const judges = judging.unjudged === null ? judging.said : `The sample chose, too: ${judging.unjudged}.`;
  const added = fitted ? ", its levels and intercepts fitted to them," : "";
  const said =
    allRows === undefined
      ? `The rows of ${input} are these alone.`
      : `By all rows the chosen model${added} has the log-loss ${allRows.logLoss.toPrecision(5)} and the accuracy ${allRows.accuracy.toPrecision(5)}; what they say of the others of the front stands with these (allRows).`;
  return `${message} ${judges} ${said} ${remedy}`;
}

function fileOf(
  model: QuantizedModel,
  packing: PackOptions,
): Pick<CompressedPoint, "model" | "packed" | "bytes"> {
  const packed = smallest(model, packing);
  return { model, packed, bytes: packed.length };
}

/** What all rows say of models. */
async function scoresOf(
  table: SummedTable,
  models: readonly QuantizedModel[],
  watch: Watch,
): Promise<NonNullable<CompressedPoint["allRows"]>[]> {
  if (models.length === 0) return [];
  const { rows } = await compareOn(table, Object.fromEntries(models.entries()), watch);
  return rows.map(({ evaluation: { logLoss, accuracy } }) => ({ rows: table.rows, logLoss, accuracy }));
}

/** Rows and as how many each goes, which takes the plan of a search to say. */
interface Copied {
  readonly data: Dataset;
  readonly copies: Uint32Array;
}

/** Squares of pixels want all of their pixels, also those without a weight or outside of a path. */
async function rowsFor(
  table: PlannedTable,
  model: LinearScorer | PackedModel | null,
  options: CompressOptions,
  watch: Watch,
): Promise<RowsHere & Copied & { readonly features: Uint32Array }> {
  const { pool } = options;
  const features = model === null || pool !== undefined ? allOf(table) : supportOf(model);
  const here =
    model === null && pool === undefined
      ? await distinctRows(table, options, watch)
      : await sampledRows(table, features, options, watch);
  return { ...here, features };
}

/** The most rows that the search has room for, and the bytes that as many take while they are read. */
function searchRoom({ packed, classes, room }: PlannedTable): {
  readonly most: number;
  readonly bytes: number;
} {
  const stored = packed.blocks.reduce((sum, { rows }) => sum + rows, 0);
  const values = packed.blocks.reduce((sum, { nonzeros }) => sum + nonzeros, 0) / stored;
  const outputs = classes.length === 2 ? 1 : classes.length;
  const most = (share * room) / (outputs * (bytesOfRow + bytesOfValue * values));
  // While they are read they are held twice, and beside them those from before the room grew.
  return { most, bytes: (8 / 3) * bytesOf(most, most * values, packed.valued) };
}

/** All rows, or a sample of those, as the search has room for; of equal ones as many as it takes apart. */
async function sampledRows(
  table: PlannedTable,
  features: Uint32Array,
  options: CompressOptions,
  watch: Watch,
): Promise<RowsHere & Copied> {
  const { most, bytes } = searchRoom(table);
  for (let room = bytes; ; ) {
    const here = await rowsHere(table, features, room, options.seed ?? 0, watch);
    const copies = copiesOf(here.data, table, options);
    const apart = sumOf(copies);
    if (apart <= most || here.data.rows === 1) return { ...here, copies };
    room = Math.min(0.9 * room, (bytes * here.data.rows) / apart);
  }
}

/** The rows of some columns where the search has room for them, taken apart; else `null`. */
async function rowsIfRoom(
  table: PlannedTable,
  columns: Uint32Array,
  options: CompressOptions,
  watch: Watch,
): Promise<Copied | null> {
  const { most, bytes } = searchRoom(table);
  const data = await reducedIfRoom(table, columns, bytes, watch);
  // Each row goes as one at least.
  if (data === null || data.rows > most) return null;
  const copies = copiesOf(data, table, options);
  return sumOf(copies) <= most ? { data, copies } : null;
}

function allOf({ packed }: PlannedTable): Uint32Array {
  return Uint32Array.from({ length: packed.columns }, (_, j) => j);
}

/**
 * The rows of all features, or where these have no room, of the most that enter a path of L1 fits before the others; where not even
 * the first of these do, a sample.
 */
async function distinctRows(
  table: PlannedTable,
  options: CompressOptions,
  watch: Watch,
): Promise<RowsHere & Copied> {
  const all = allOf(table);
  const whole = await rowsIfRoom(table, all, options, watch);
  if (whole !== null) return { ...whole, sample: null };
  const { multiclass = "softmax", threads, seed } = options;
  const { path } = await pathOn(
    table,
    {
      ...{ penalty: "l1", multiclass, lambdas: steps, lambdaRatio: ratio, tolerance: 1e-3 },
      ...(threads === undefined ? {} : { threads }),
      ...(seed === undefined ? {} : { seed }),
    },
    watch,
  );
  const supports = path.steps.map(({ model }) => supportOf(model)).filter(({ length }) => length > 0);
  let fits = 0;
  const first = await rowsIfRoom(table, supports[0], options, watch);
  if (first === null) return await sampledRows(table, all, options, watch);
  let found = first;
  let beyond = supports.length;
  while (beyond - fits > 1) {
    const middle = (fits + beyond) >> 1;
    const rows = await rowsIfRoom(table, supports[middle], options, watch);
    if (rows === null) beyond = middle;
    else {
      fits = middle;
      found = rows;
    }
  }
  return { ...found, sample: null };
}

/**
 * As how many each row goes that stands for several equal ones: one for each fold at most, so that cross-validation sees equal rows on both
 * sides as it would in the table.
 */
function copiesOf(data: Dataset, { packed }: PlannedTable, options: CompressOptions): Uint32Array {
  if (!packed.counted) return new Uint32Array(data.rows).fill(1);
  const { folds } = planCompression(options, data);
  return Uint32Array.from(data.weights!, (count) => Math.min(folds, count));
}

/** The same rows with each as some, which share its weight. */
function spread(data: Dataset, copies: Uint32Array): Dataset {
  const { features, labels, classes, featureNames, scale } = data;
  if (sumOf(copies) === data.rows) return data;
  const rows: number[] = [];
  const weights: number[] = [];
  copies.forEach((parts, i) => {
    const count = data.weights![i];
    for (let copy = 0; copy < parts; copy++) {
      rows.push(i);
      weights.push(Math.floor(count / parts) + (copy < count % parts ? 1 : 0));
    }
  });
  return Dataset.from({
    features: features.take(rows),
    labels: rows.map((i) => classes[labels[i]]),
    classes,
    featureNames,
    weights,
    ...(scale === null ? {} : { scale }),
  });
}

function sumOf(numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
