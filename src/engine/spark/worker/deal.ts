import { FoldDealer } from "../../../frame/blocks/deal";
import { inputRows, writeRow } from "./lines";
import type { DealPlan } from "./messages";

/**
 * Deals rows `partition, [label, cells of columns]` to folds, in their order, and writes `column, fold, place of the level or -1, class,
 * rows` of all that were met.
 */
export function deal({ labels, before, targets }: DealPlan): void {
  const classes = new Map(labels.cells.map((cell, k) => [cell, labels.numbers[k]]));
  const places = targets.map((own) => new Map(own.cells.map((cell, k) => [cell, own.places[k]])));
  const counts = targets.map(() => new Map<string, number>());
  let dealers: FoldDealer[] = [];
  let at = -1;
  for (const [part, cells] of inputRows()) {
    const partition = Number(part.toString("latin1"));
    if (partition !== at) {
      dealers = targets.map(({ folds, seed }) => new FoldDealer(folds, seed, before[partition]));
      at = partition;
    }
    const [label, ...levels] = JSON.parse(cells.toString()) as (string | null)[];
    const own = classes.get(String(label));
    if (own === undefined) throw new Error(`a row has the unknown label ${JSON.stringify(label)}`);
    levels.forEach((cell, k) => {
      const place = cell === null ? -1 : places[k].get(cell);
      if (place === undefined) throw new Error(`a row has the unknown level ${JSON.stringify(cell)}`);
      const key = `${dealers[k].next(own)}\t${place}\t${own}`;
      counts[k].set(key, (counts[k].get(key) ?? 0) + 1);
    });
  }
  counts.forEach((found, k) => {
    for (const [key, rows] of found) writeRow(k, key, rows);
  });
}
