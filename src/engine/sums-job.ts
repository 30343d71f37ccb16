import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { Aggregate, AggregateRequest } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { outputsOf } from "./block-terms";
import { PackedAggregates } from "./packed-aggregates";

/** Aggregates that are wanted of packed rows, all of one loss but for its class. */
export interface SumsTask {
  readonly packed: PackedRows;
  readonly requests: readonly AggregateRequest[];
}

/** Does a {@link SumsTask}, one pass after another. */
export const run: ModuleRun = (design: Design, given: never): Aggregate[] => {
  const { packed, requests } = given as SumsTask;
  const aggregates = new PackedAggregates(design, packed, outputsOf(requests[0].state.loss));
  try {
    return requests.map(({ operation, state }) => {
      const found = aggregates.aggregate(operation, state);
      const [gradient, curvature, sides] = [found.gradient, found.curvature, found.sides].map((sums) =>
        Float64Array.from(sums),
      );
      return { ...found, gradient, curvature, sides };
    });
  } finally {
    aggregates.close();
  }
};
