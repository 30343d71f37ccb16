import { FoldDealer } from "../frame/blocks/deal";
import type { TargetState } from "../frame/blocks/state";
import { oddsOutOfFold, sumOf, type TargetPlan, targetOf } from "../frame/blocks/target";
import { LevelLookup } from "../frame/level-lookup";
import type { Label } from "../matrix/dataset";
import { itemsOf } from "./database";
import type { OpenTable } from "./learn-state";
import { textCounts } from "./level-columns";
import { checkOrder, codesSql } from "./row-layout";

/** What is seen of the label in the levels of a column. */
export interface TargetOdds {
  readonly state: TargetState;
  readonly plan: TargetPlan;
  /** For each fold, what the others say of each level and output. */
  readonly outOfFold: readonly (readonly number[])[];
}

/**
 * Counts classes by level and fold, of all columns that become log-odds of the label by one pass over the rows in their order.
 * @returns by the numbers of the blocks
 */
export async function targetsOf(
  { database, table, levels }: OpenTable,
  classes: readonly Label[],
): Promise<ReadonlyMap<number, TargetOdds>> {
  const counted = table.blocks.flatMap((plan, block) => {
    if (plan.kind !== "target") return [];
    const column = levels.get(plan.name)!;
    const texts = [...textCounts(column).keys()].sort();
    const lookup = new LevelLookup(texts);
    // The last row of the counts is of those without a level; so is the last of the numbers, for the code -1.
    const places = Int32Array.from([...column.values, null], (value) => {
      const place = lookup.find(value);
      return place < 0 ? texts.length : place;
    });
    const seen = Array.from(
      { length: plan.folds },
      () => new Float64Array((texts.length + 1) * classes.length),
    );
    const dealer = new FoldDealer(plan.folds, plan.seed, new Float64Array(classes.length));
    return [{ block, plan, texts, places, seen, dealer }];
  });
  if (counted.length === 0) return new Map();
  const classOf = classNumbers(classes, levels.get(table.label)!.values);
  const names = [table.label, ...counted.map(({ plan }) => plan.name)];
  let passed = 0;
  await database.stream(codesSql(names), (chunk) => {
    checkOrder(chunk, passed);
    passed += chunk.rowCount;
    const codes = names.map((_, c) => itemsOf(chunk, c));
    for (let i = 0; i < chunk.rowCount; i++) {
      const own = classOf[codes[0][i]];
      counted.forEach(({ places, seen, dealer }, k) => {
        const code = codes[k + 1][i];
        const place = places[code < 0 ? places.length - 1 : code];
        seen[dealer.next(own)][place * classes.length + own]++;
      });
    }
  });
  return new Map(
    counted.map(({ block, plan, texts, seen }) => {
      const { name, smoothing } = plan;
      const state = targetOf(name, texts, sumOf(seen), classes.length, smoothing);
      return [block, { state, plan, outOfFold: oddsOutOfFold(seen, classes.length, smoothing) }];
    }),
  );
}

/** The number of the class of each label. */
export function classNumbers(classes: readonly Label[], labels: readonly unknown[]): Int32Array {
  const numbers = new Map(classes.map((name, k) => [String(name), k]));
  return Int32Array.from(labels, (value) => numbers.get(String(value)) ?? -1);
}
