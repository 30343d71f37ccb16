import type { Random } from "../../base/random";

/**
 * An order of rows in which as many take turns as are moved at a time: each lane, a stretch of the rows, is met from a row by chance on,
 * one row after another. So those that are moved together lie far apart and are others in each round, and yet each lane reads the
 * memory in its order, which the processor foresees: an order by chance altogether takes a third longer.
 * @param rows ascending
 * @param lanes 1 gives an order by chance altogether
 * @param order where it is written
 */
export function inLanes(rows: Uint32Array, lanes: number, random: Random, order: Uint32Array): void {
  if (lanes === 1) {
    order.set(rows);
    random.shuffle(order);
    return;
  }
  const bounds = Array.from({ length: lanes + 1 }, (_, lane) => Math.floor((lane * rows.length) / lanes));
  const starts = bounds.slice(1).map((end, lane) => random.integer(end - bounds[lane]));
  for (let round = 0, at = 0; at < rows.length; round++) {
    for (let lane = 0; lane < lanes; lane++) {
      const length = bounds[lane + 1] - bounds[lane];
      if (round < length) order[at++] = rows[bounds[lane] + ((starts[lane] + round) % length)];
    }
  }
}
