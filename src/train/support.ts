import { listening } from "../base/ambient-signal";
import { checkKeys, checkLength, checkNumber } from "../base/check";
import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import { selectColumns } from "../matrix/select";
import type { FitReport, LinearParts } from "../model/linear";
import { Joined } from "./joined";
import { parseStop, parseThreads } from "./options";
import { boundsOn, ridge } from "./penalty-options";
import type { Plan, Solution } from "./plan";
import { sharesOf } from "./shares";
import { inFull } from "./sparse-weights";
import { warmStart } from "./start";
import { type Rows, runJobs } from "./threads/run";

/** How to refit on a support. */
interface SupportOptions {
  /** The strength of the L2 penalty on the mean loss. */
  readonly lambda: number;
  /** See `LogisticRegressionOptions`. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

/** What a refit found. */
export interface SupportFit {
  /** In the order of the model's weights; zero outside the mask. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

/**
 * Fits again the weights where `mask` is 1, starting from the model's; all others are zero. The intercepts are free,
 * or stay zero where the model was fitted without; weights stay within the bounds that the model was fitted within.
 * Only the columns of the support are looked at, so a sparse support costs little.
 * @param mask one byte a weight, in the order of `model.weights`
 * @throws `length-mismatch`, `invalid-option`, `invalid-model`, `invalid-label`, `cancelled`
 */
export async function fitOnSupport(
  data: Dataset,
  model: LinearParts,
  mask: Uint8Array,
  options: SupportOptions,
  watch: Watch = {},
): Promise<SupportFit> {
  checkKeys(options, ["lambda", "tolerance", "maxIterations"], "fitOnSupport");
  checkLength(mask.length, model.weights.length, "mask");
  const { link, fitIntercept = true, bounds = null } = model;
  const rows = { features: data.features, labels: data.labels, shares: sharesOf(data, null) };
  const heard = listening(watch);
  const plan: SupportPlan = {
    penalty: ridge(checkNumber(options.lambda, "lambda", { min: 0 }), model.scale, bounds),
    link,
    classes: data.classes.length,
    fitIntercept,
    mask: null,
    start: warmStart(data, model, link, fitIntercept),
    stop: parseStop(options),
    solver: "auto",
    seed: 0,
  };
  if (link !== "ovr") return await fitColumns(rows, plan, mask, heard);
  const whole = new Joined();
  for (let k = 0; k < plan.classes; k++) {
    const own = (_: number, j: number) => j % plan.classes === k;
    const weights = plan.start.weights.filter(own);
    const start = { weights, intercepts: plan.start.intercepts.slice(k, k + 1) };
    const labels = rows.labels.map((label) => (label === k ? 1 : 0));
    whole.add(
      await fitColumns({ ...rows, labels }, { ...plan, link: "binary", start }, mask.filter(own), heard),
    );
  }
  const { weights, ...rest } = whole.solution;
  return { ...rest, weights: inFull(weights) };
}

/** A plan that starts from a model. */
type SupportPlan = Plan & { readonly start: Pick<LinearParts, "weights" | "intercepts"> };

/** Fits on the columns that the mask leaves, and puts the weights back in their places. */
async function fitColumns(rows: Rows, plan: SupportPlan, mask: Uint8Array, watch: Watch): Promise<Solution> {
  const K = plan.link === "softmax" ? plan.classes : 1;
  const columns = Uint32Array.from(Array(mask.length / K).keys()).filter((j) =>
    mask.subarray(j * K, (j + 1) * K).includes(1),
  );
  const places = Uint32Array.from({ length: columns.length * K }, (_, at) => {
    return columns[Math.floor(at / K)] * K + (at % K);
  });
  const kept = Uint8Array.from(places, (j) => mask[j]);
  const { lambda, scale, lower, upper } = plan.penalty;
  const own: Plan = {
    ...plan,
    penalty: ridge(
      lambda,
      scale === null ? null : Float32Array.from(columns, (j) => scale[j]),
      boundsOn(columns, { lower, upper }),
    ),
    mask: kept.includes(0) ? kept : null,
    start: {
      weights: Float64Array.from(places, (j, at) => (kept[at] === 1 ? plan.start.weights[j] : 0)),
      intercepts: plan.start.intercepts,
    },
  };
  const [solution] = await runJobs<Solution>(
    { ...rows, features: selectColumns(rows.features, columns) },
    [{ kind: "fit", plan: own }],
    { outputs: K, threads: parseThreads(undefined) },
    watch,
    "refit",
  );
  const weights = new Float64Array(mask.length);
  places.forEach((j, at) => {
    weights[j] = solution.weights[at];
  });
  return { ...solution, weights };
}
