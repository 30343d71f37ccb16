import { checkLength } from "../base/check";
import type { Watch } from "../base/progress";
import type { LinearParts } from "../model/linear";
import { parseThreads } from "../train/options";
import { ridge } from "../train/penalty-options";
import type { Solution } from "../train/plan";
import type { SupportFit } from "../train/support";
import { type PackedProblem, sideIn } from "./packed-fitters";
import type { RowsPart } from "./summed-rows";
import { runTableJob } from "./table-jobs";
import { factorsOf, type PlannedTable } from "./table-plan";

const reasons = {
  newton: "rows on disk, which each pass reads as a whole",
  "prox-newton": "few weights, whose Hessian a pass adds up",
};
/** The most parameters whose Hessian is added up, which takes half of the passes that products with it do. */
const mostDense = 500;

/**
 * Fits again the weights where `mask` is 1 to all rows of a table, from the model's, as `fitOnSupport` does to rows in memory: with an L2
 * penalty, within the model's bounds, all other weights zero.
 * @param rows left out, all
 * @throws `length-mismatch`, `cancelled`
 */
export async function refitOn(
  table: PlannedTable,
  model: LinearParts,
  mask: Uint8Array,
  lambda: number,
  watch: Watch,
  rows: RowsPart = { part: null, masses: table.masses },
): Promise<SupportFit> {
  checkLength(mask.length, model.weights.length, "mask");
  const { packed, classes, room } = table;
  const { part, masses } = rows;
  const { link, scale, fitIntercept = true, bounds = null } = model;
  const factors = factorsOf(classes, masses, null);
  const penalty = ridge(lambda, scale, bounds);
  const free = mask.reduce((sum, on) => sum + on, classes.length);
  const dense = free <= Math.min(mostDense, sideIn(room / 2));
  const solver = dense || bounds !== null ? "prox-newton" : "newton";
  const problem: PackedProblem = {
    ...{ packed, factors, room, part, solverReason: reasons[solver] },
    masses: masses.map((mass, k) => mass * factors[k]),
    plan: {
      ...{ penalty, link, fitIntercept, mask, seed: 0, classes: classes.length },
      start: {
        weights: model.weights.map((w, at) => (mask[at] === 1 ? w : 0)),
        intercepts: model.intercepts.slice(),
      },
      stop: { tolerance: 1e-8, maxIterations: 100 },
      solver,
    },
  };
  const threads = parseThreads(undefined);
  const { weights, intercepts, fit } = await runTableJob<Solution>(
    "fit-job",
    problem,
    packed.columns,
    threads,
    watch,
    "refit",
  );
  return { weights, intercepts, fit };
}
