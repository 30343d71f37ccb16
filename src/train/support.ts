import { checkKeys, checkLength, checkNumber } from "../base/check";
import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { FitReport, LinearParts } from "../model/linear";
import { fitTask, joined, type Solution, type Task } from "./fit";
import { parseStop } from "./options";
import { Pace } from "./pace";
import { selectColumns } from "./select";
import { sharesOf } from "./shares";
import { warmStart } from "./start";

/** How to refit on a support. */
export interface SupportOptions {
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
 * Fits again the weights where `mask` is 1, starting from the model's; all others are zero. The intercepts are free.
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
  const { link } = model;
  const pace = new Pace(watch, "refit");
  const task = {
    features: data.features,
    labels: data.labels,
    shares: sharesOf(data, null),
    scale: model.scale,
    link,
    classes: data.classes.length,
    lambda: checkNumber(options.lambda, "lambda", { min: 0 }),
    fitIntercept: true,
    mask: null,
    start: warmStart(data, model, link, true),
    stop: parseStop(options),
  } as const;
  if (link !== "ovr") return await fitColumns(task, mask, pace);
  const parts: Solution[] = [];
  for (let k = 0; k < task.classes; k++) {
    const own = (_: number, j: number) => j % task.classes === k;
    const weights = task.start.weights.filter(own);
    const start = { weights, intercepts: task.start.intercepts.slice(k, k + 1) };
    const labels = task.labels.map((label) => (label === k ? 1 : 0));
    parts.push(await fitColumns({ ...task, link: "binary", labels, start }, mask.filter(own), pace));
  }
  return joined(parts);
}

/** Fits on the columns that the mask leaves, and puts the weights back in their places. */
async function fitColumns(task: Task, mask: Uint8Array, pace: Pace): Promise<Solution> {
  const K = task.link === "softmax" ? task.classes : 1;
  const columns = Uint32Array.from(Array(mask.length / K).keys()).filter((j) =>
    mask.subarray(j * K, (j + 1) * K).includes(1),
  );
  const places = Uint32Array.from({ length: columns.length * K }, (_, at) => {
    return columns[Math.floor(at / K)] * K + (at % K);
  });
  const kept = Uint8Array.from(places, (j) => mask[j]);
  const solution = await fitTask(
    {
      ...task,
      features: selectColumns(task.features, columns),
      scale: task.scale === null ? null : Float32Array.from(columns, (j) => task.scale![j]),
      mask: kept.includes(0) ? kept : null,
      start: {
        weights: Float64Array.from(places, (j, at) => (kept[at] === 1 ? task.start.weights[j] : 0)),
        intercepts: task.start.intercepts,
      },
    },
    pace,
  );
  const weights = new Float64Array(mask.length);
  places.forEach((j, at) => {
    weights[j] = solution.weights[at];
  });
  return { ...solution, weights };
}
