import { checkLength } from "../base/check";
import type { Watch } from "../base/progress";
import type { FitReport, LinearParts } from "../model/linear";
import { parseThreads } from "../train/options";
import { ridge } from "../train/penalty-options";
import type { Solution } from "../train/plan";
import type { PackedProblem } from "./packed-fitters";
import { runTableJob } from "./table-jobs";
import { factorsOf, type PlannedTable } from "./table-plan";

/** What a refit of the weights that a mask leaves found. */
interface MaskedFit {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

const reason = "rows on disk, which each pass reads as a whole";

/**
 * Fits again the weights where `mask` is 1 to all rows of a table, from the model's, as `fitOnSupport` does to rows in memory: with an L2
 * penalty, within the model's bounds, all other weights zero.
 * @throws `length-mismatch`, `cancelled`
 */
export async function refitOn(
  table: PlannedTable,
  model: LinearParts,
  mask: Uint8Array,
  lambda: number,
  watch: Watch,
): Promise<MaskedFit> {
  checkLength(mask.length, model.weights.length, "mask");
  const { packed, classes, masses, room } = table;
  const { link, scale, fitIntercept = true, bounds = null } = model;
  const factors = factorsOf(classes, masses, null);
  const penalty = ridge(lambda, scale, bounds);
  const problem: PackedProblem = {
    ...{ packed, factors, room, part: null, solverReason: reason },
    masses: masses.map((mass, k) => mass * factors[k]),
    plan: {
      ...{ penalty, link, fitIntercept, mask, seed: 0, classes: classes.length },
      start: {
        weights: model.weights.map((w, at) => (mask[at] === 1 ? w : 0)),
        intercepts: model.intercepts.slice(),
      },
      stop: { tolerance: 1e-8, maxIterations: 100 },
      solver: bounds === null ? "newton" : "prox-newton",
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
