import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { Dataset } from "../matrix/dataset";
import { SparseMatrix } from "../matrix/sparse";
import type { Scorer } from "../model/scorer";
import type { ReducedRows, ReduceTask } from "./reduce-job";
import { runTableJob } from "./table-jobs";
import type { PlannedTable } from "./table-plan";

/** The features for which a model has a weight. */
export function supportOf(model: Scorer): Uint32Array {
  const { weights, outputs, features } = model;
  const found: number[] = [];
  for (let j = 0; j < features; j++) {
    if (weights.subarray(j * outputs, (j + 1) * outputs).some((w) => w !== 0)) found.push(j);
  }
  return Uint32Array.from(found);
}

/**
 * The rows of some columns in memory.
 * @param share of the table's room that they may take: what is done with them needs the rest
 * @throws `invalid-data` where there is no room for them
 */
export async function reducedOn(
  table: PlannedTable,
  columns: Uint32Array,
  share: number,
  watch: Watch,
): Promise<Dataset> {
  const room = share * table.room;
  return (await reducedIfRoom(table, columns, room, watch)) ?? refuseRows(columns, room);
}

/** @throws `invalid-data` */
export function refuseRows(columns: Uint32Array, room: number): never {
  return fail("invalid-data", {
    thing: `rows of ${columns.length} features in memory`,
    value: `more than ${room} bytes`,
    expected: "rows that fit beside the rest in memoryLimit",
    remedy: "Raise memoryLimit, or take fewer features: a fit with penalty l1, or prune by magnitude first.",
  });
}

/** The same, or `null` where there is no room. @param room bytes that the work may take */
export async function reducedIfRoom(
  table: PlannedTable,
  columns: Uint32Array,
  room: number,
  watch: Watch,
): Promise<Dataset | null> {
  const found = await reduceBy(table, columns, room, null, watch);
  return found.whole ? datasetOf(table, found) : null;
}

/** Reads the rows of some columns, or of those that are drawn. @throws `invalid-option` for columns that are not ascending */
export async function reduceBy(
  { packed, classes }: PlannedTable,
  columns: Uint32Array,
  room: number,
  drawn: ReduceTask["drawn"],
  watch: Watch,
): Promise<ReducedRows> {
  columns.forEach((column, at) => {
    if (column < packed.columns && (at === 0 || columns[at - 1] < column)) return;
    fail("invalid-option", {
      thing: "feature to keep",
      value: column,
      expected: `ascending, below ${packed.columns}`,
    });
  });
  const task: ReduceTask = { packed, classes: classes.length, columns, room, drawn };
  return await runTableJob<ReducedRows>("reduce-job", task, packed.columns, 1, watch, "reduce");
}

/** Rows that were read as data. */
export function datasetOf(
  { packed, classes, featureNames, scale }: PlannedTable,
  { rows, pointers, indices, values, labels, weights }: ReducedRows,
): Dataset {
  return Dataset.from({
    features: new SparseMatrix(rows, packed.columns, pointers, indices, values),
    labels: Array.from(labels, (k) => classes[k]),
    classes,
    featureNames,
    weights,
    ...(scale === null ? {} : { scale }),
  });
}
