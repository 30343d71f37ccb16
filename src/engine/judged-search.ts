import { grouped } from "../base/grouped";
import type { Watch } from "../base/progress";
import type { CompressedPoint, Compression, CompressionBaseline } from "../compress/compression";
import { type CrossValidated, intervalOf } from "../compress/judge";
import { pooledName } from "../compress/options";
import type { LinearScorer } from "../model/linear";
import { QuantizedModel } from "../quantize/quantized";
import type { Draw } from "./aggregate";
import type { JudgedModel, JudgedTable } from "./judged-table";
import { joinedScores, type PackedScores, rowsIn } from "./row-scores";
import type { RowsPart, SummedTable } from "./summed-rows";
import { inFolds } from "./table-cross-validate";
import type { RowSample } from "./table-sample";
import { uncompressedOf } from "./uncompressed";

/** Parts of all rows, without each of which the uncompressed model is fitted. */
export const judgedFolds = 5;
/** Rows times models up to which every model is judged: some minutes. */
const mostScores = 4e9;
/** As many are at least. */
const fewestJudged = 60;

/** What is searched for by a sample of a table. */
export interface SampledSubject {
  /** The model that is compressed; `null` where the search trained its own. */
  readonly model: LinearScorer | null;
  /** The features that the sample has. */
  readonly features: Uint32Array;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** By which folds are drawn. */
  readonly seed: number;
}

/** A search whose models the rows judged that it has not seen, or why they did not. */
export type JudgedSearch =
  | { readonly search: Compression; readonly unjudged: null; readonly said: string }
  | { readonly search: Compression; readonly unjudged: string };

/**
 * Judges the models that a search by a sample found by the rows that were not drawn: no model of the sample has seen them. The
 * uncompressed one is fitted to all rows but those of a fold, of each of {@link judgedFolds}, and what it says of the fold's rows is paired with
 * what each model says of them. So nothing is held that a pass, or a round, over all rows would not sum up.
 *
 * The sample decides where it alone knows its rows, as of other inputs than the table's columns; where fewer rows were left than the search was
 * judged by; and where a class has no rows in a fold or beside it.
 */
export async function judgedByRest(
  table: SummedTable,
  found: Compression,
  subject: SampledSubject,
  sample: RowSample,
  watch: Watch,
): Promise<JudgedSearch> {
  const foreign = found.points.find(({ input }) => input !== "" && input !== pooledName);
  if (foreign !== undefined) return { search: found, unjudged: `the table has no rows of ${foreign.input}` };
  const left = Math.round(table.rows * (1 - sample.share));
  if (left < found.rows) {
    const unjudged = `${grouped(left)} rows that were not drawn are fewer than the ${grouped(found.rows)} of the sample that judge`;
    return { search: found, unjudged };
  }
  const masses = await table.foldMasses(judgedFolds, subject.seed, watch);
  const parts = masses.map((own, fold): RowsPart => {
    const part = { fold, folds: judgedFolds, seed: subject.seed, held: false };
    return { part, masses: table.masses.map((mass, k) => mass - own[k]) };
  });
  const rare = table.classes.find((_, k) => masses.some((own, f) => !(own[k] > 0 && parts[f].masses[k] > 0)));
  if (rare !== undefined) {
    return { search: found, unjudged: `class ${rare} has no row in or beside one of ${judgedFolds} folds` };
  }
  const points = contendersOf(found, Math.max(fewestJudged, Math.floor(mostScores / table.rows)));
  const { lambda, fits, unconverged } = await uncompressedOf(table, found, subject, parts, sample, watch);
  const kinds = new Map(points.map((point) => [fileOf(point), point.model]));
  const models = [...kinds.values()];
  const { before, rows, each } = await judgedBeside(table, fits, models, subject.seed, sample, watch);
  const said = new Map([...kinds.keys()].map((file, at) => [file, each[at]]));
  const baseline: CompressionBaseline = { ...found.baseline, lambda, ...before };
  const judged = points.map((point): CompressedPoint => {
    return { ...point, crossValidated: said.get(fileOf(point))!, bySample: point.crossValidated };
  });
  const search = found.rejudged({ points: judged, baseline, folds: judgedFolds, rows });
  const some = judged.length < found.points.length ? ` of ${grouped(found.points.length)}` : "";
  const account =
    `${grouped(judged.length)}${some} models were judged by ${grouped(rows)} rows that were not drawn, beside the uncompressed one ` +
    `fitted to the rows of the table without each of ${judgedFolds} folds${unconverged > 0 ? `, of which ${unconverged} fits did not converge` : ""}.`;
  return { search, unjudged: null, said: account };
}

/** What the rows say that were not drawn. */
interface JudgedBeside {
  /** Of the uncompressed model. */
  readonly before: Pick<CompressionBaseline, "logLoss" | "accuracy">;
  /** How many they are; of unequal weights as many equal ones as tell as much. */
  readonly rows: number;
  /** Of each model. */
  readonly each: readonly CrossValidated[];
}

/**
 * Judges models by the rows that were not drawn, each row paired with what the uncompressed model without its fold says of it.
 * @param fits the uncompressed model without each fold
 * @param seed by which folds are drawn
 */
export async function judgedBeside(
  table: JudgedTable & Pick<SummedTable, "together">,
  fits: readonly JudgedModel[],
  models: readonly QuantizedModel[],
  seed: number,
  { seed: drawnBy, share }: Draw,
  watch: Watch,
): Promise<JudgedBeside> {
  const light = models.map(uncached);
  const folds = fits.length;
  const scores = await inFolds(folds, table.together, async (fold) => {
    const part = { fold, folds, seed, held: true, without: { seed: drawnBy, share } };
    return await table.scores([fits[fold], ...light], part, false, watch);
  });
  const [first, ...each] = scores[0].map((_, m) =>
    joinedScores(
      scores.map((own) => own[m]),
      table.classes.length,
    ),
  );
  const logLoss = first.logLoss / first.weight;
  return {
    before: { logLoss, accuracy: accuracyOf(first) },
    rows: Math.round(rowsIn(first)),
    each: each.map((sums) => crossValidatedOf(sums, logLoss)),
  };
}

/**
 * The points whose models are worth judging, of at most so many different files, in their order: those of the front and the chosen one, then
 * those of least log-loss above what no larger ones have; of a front of more than so many every so manyth.
 */
export function contendersOf({ points, front, chosen }: Compression, most: number): CompressedPoint[] {
  let least = Number.POSITIVE_INFINITY;
  const above = new Map(
    points.map((point) => {
      least = Math.min(least, point.crossValidated.logLoss);
      return [point, point.crossValidated.logLoss - least];
    }),
  );
  const stride = Math.max(1, front.length / Math.max(1, most - 1));
  const spread = front.filter((_, at) => Math.floor(at / stride) !== Math.floor((at - 1) / stride));
  const files = new Set<string>();
  for (const point of [chosen, ...spread, ...[...points].sort((a, b) => above.get(a)! - above.get(b)!)]) {
    if (files.size < most) files.add(fileOf(point));
  }
  return points.filter((point) => files.has(fileOf(point)));
}

/** What tells a model from others: neighbours on a descent are often the same. */
function fileOf({ packed }: CompressedPoint): string {
  return Buffer.from(packed).toString("base64");
}

/** What sums over rows say of a model, measured against the uncompressed one of the log-loss `before`. */
function crossValidatedOf(sums: PackedScores, before: number): CrossValidated {
  const { weight, logLoss, difference, gained, lost, changed } = sums;
  const rows = rowsIn(sums);
  const interval = (sum: number, squares: number, unit: number) => {
    const mean = sum / weight;
    const variance = Math.max(0, squares / weight - mean * mean) / Math.max(1, rows - 1);
    return intervalOf(mean / unit, Math.sqrt(variance) / unit);
  };
  return {
    logLoss: logLoss / weight,
    accuracy: accuracyOf(sums),
    accuracyDrop: interval(lost - gained, lost + gained, 1),
    logLossIncrease: interval(...difference, before),
    flips: interval(changed, changed, 1),
  };
}

function accuracyOf({ confusion, weight }: PackedScores): number {
  const classes = Math.sqrt(confusion.length);
  let right = 0;
  for (let k = 0; k < classes; k++) right += confusion[k * classes + k];
  return right / weight;
}

/** A model whose table of weights is made anew each time, since of many models all tables take more than there is room for. */
function uncached({
  classes,
  link,
  featureNames,
  positions,
  codes,
  scheme,
  intercepts,
  threshold,
}: QuantizedModel): JudgedModel {
  const coded = { classes, link, featureNames, positions, codes, scheme, intercepts };
  return {
    ...{ link, threshold, intercepts },
    get weights() {
      return new QuantizedModel(coded).weights;
    },
  };
}
