import type { Watch } from "../base/progress";
import { compress } from "../compress/compress";
import type { Compression } from "../compress/compression";
import { type CompressOptions, planCompression } from "../compress/options";
import { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import type { PackedModel } from "../pack/packed";
import { pathOn } from "./table-path";
import type { PlannedTable } from "./table-plan";
import { reducedIfRoom, reducedOn, supportOf } from "./table-reduce";

/** The share of the room that rows take: the search holds them by rows and by columns, and tables beside them. */
const share = 1 / 4;
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
  const data =
    model === null
      ? await distinctRows(table, options, watch)
      : await reducedOn(table, supportOf(model), share, watch);
  const rows = spread(data, table, planCompression(options, data).folds);
  return await compress(model ?? rows, rows, options, watch);
}

/** The rows of all features, or where these have no room, of the most that enter a path of L1 fits before the others. */
async function distinctRows(table: PlannedTable, options: CompressOptions, watch: Watch): Promise<Dataset> {
  const all = Uint32Array.from({ length: table.packed.columns }, (_, j) => j);
  const whole = await reducedIfRoom(table, all, share * table.room, watch);
  if (whole !== null) return whole;
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
  let found = await reducedOn(table, supports[0], share, watch);
  let beyond = supports.length;
  while (beyond - fits > 1) {
    const middle = (fits + beyond) >> 1;
    const rows = await reducedIfRoom(table, supports[middle], share * table.room, watch);
    if (rows === null) beyond = middle;
    else {
      fits = middle;
      found = rows;
    }
  }
  return found;
}

/**
 * The same rows with each that stands for several as several, one for each fold at most, so that cross-validation sees equal
 * rows on both sides as it would in the table.
 */
function spread(data: Dataset, { packed }: PlannedTable, folds: number): Dataset {
  if (!packed.counted) return data;
  const counts = data.weights!;
  const rows: number[] = [];
  const weights: number[] = [];
  counts.forEach((count, i) => {
    const copies = Math.min(folds, count);
    for (let copy = 0; copy < copies; copy++) {
      rows.push(i);
      weights.push(Math.floor(count / copies) + (copy < count % copies ? 1 : 0));
    }
  });
  const { features, labels, classes, featureNames, scale } = data;
  return Dataset.from({
    features: features.take(rows),
    labels: rows.map((i) => classes[labels[i]]),
    classes,
    featureNames,
    weights,
    ...(scale === null ? {} : { scale }),
  });
}
