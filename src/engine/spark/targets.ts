import type { TargetState } from "../../frame/blocks/state";
import { oddsOutOfFold, sumOf, type TargetPlan, targetOf } from "../../frame/blocks/target";
import { LevelLookup } from "../../frame/level-lookup";
import type { Label } from "../../matrix/dataset";
import { textCounts } from "../level-columns";
import { classNumbers } from "../target-counts";
import type { OpenRows } from "./learn";
import type { LevelCells } from "./level-cells";
import { dealSql, quoted, views, type WorkerPlace } from "./sql";
import { type DealPlan, dealFile } from "./worker/messages";

/** What is seen of the label in the levels of a column. */
export interface DealtOdds {
  readonly state: TargetState;
  readonly plan: TargetPlan;
  /** For each fold, what the others say of each level and output. */
  readonly outOfFold: readonly (readonly number[])[];
  /** How many rows of each class are before the first of each partition. */
  readonly before: DealPlan["before"];
}

/**
 * Counts classes by level and fold of the columns that become log-odds of the label; workers deal the rows to folds, each from
 * where the partition before it ends.
 * @param labels the levels of the label
 * @param columns those of the blocks, in their order
 * @returns by the numbers of the blocks
 */
export async function targetsOf(
  { client, table, signal }: OpenRows,
  place: WorkerPlace,
  classes: readonly Label[],
  labels: LevelCells,
  columns: readonly LevelCells[],
): Promise<ReadonlyMap<number, DealtOdds>> {
  const blocks = table.blocks.flatMap((plan, block) => (plan.kind === "target" ? [{ plan, block }] : []));
  if (blocks.length === 0) return new Map();
  const numbers = classNumbers(classes, labels.values);
  const classOf = new Map(labels.cells.map((cell, k) => [cell, numbers[k]]));
  const parts = await client.rows(
    `SELECT part, cell, count(*) AS n FROM (SELECT spark_partition_id() AS part, CAST(${quoted(table.label)} AS STRING) AS cell FROM ${views.rows}) GROUP BY part, cell`,
    signal,
  );
  const before = beforeEach(
    parts.map(({ part, cell, n }) => [Number(part), classOf.get(String(cell))!, Number(n)]),
    classes.length,
  );
  const levels = columns.map((column) => [...textCounts(column).keys()].sort());
  const deal: DealPlan = {
    labels: { cells: labels.cells, numbers: [...numbers] },
    classes: classes.length,
    before,
    targets: blocks.map(({ plan: { folds, seed } }, k) => {
      const lookup = new LevelLookup(levels[k]);
      const places = columns[k].values.map((value) => Math.max(-1, lookup.find(value)));
      return { folds, seed, cells: columns[k].cells, places };
    }),
  };
  await client.add([{ name: dealFile, bytes: Buffer.from(JSON.stringify(deal)) }]);
  const names = blocks.map(({ plan }) => plan.name);
  const counts = await client.rows(dealSql(place, table.label, names), signal);
  const seen = blocks.map(({ plan }, k) =>
    Array.from({ length: plan.folds }, () => new Float64Array((levels[k].length + 1) * classes.length)),
  );
  for (const { target, fold, place: at, own, n } of counts) {
    const k = Number(target);
    const row = Number(at) < 0 ? levels[k].length : Number(at);
    seen[k][Number(fold)][row * classes.length + Number(own)] += Number(n);
  }
  return new Map(
    blocks.map(({ block, plan }, k) => {
      const { name, smoothing } = plan;
      const state = targetOf(name, levels[k], sumOf(seen[k]), classes.length, smoothing);
      const outOfFold = oddsOutOfFold(seen[k], classes.length, smoothing);
      return [block, { state, plan, outOfFold, before }];
    }),
  );
}

function beforeEach(
  counts: readonly (readonly [part: number, own: number, rows: number])[],
  classes: number,
): DealPlan["before"] {
  const before: number[][] = [];
  const sum = new Array<number>(classes).fill(0);
  const last = Math.max(...counts.map(([part]) => part));
  for (let part = 0; part <= last; part++) {
    before.push([...sum]);
    for (const [at, own, rows] of counts) if (at === part) sum[own] += rows;
  }
  return before;
}
