import { checkChoice, checkKeys, checkNumber } from "../base/check";
import type { Dataset } from "../matrix/dataset";
import type { Matrix } from "../matrix/sparse";
import { soundlyAlignedTo } from "../model/align";
import { checkQuantized } from "./check-quantized";
import { IntegerModel, type IntegerReport, inputCode, mostInteger } from "./integer-model";
import type { QuantizedModel } from "./quantized";
import { lossBetween } from "./report";

/** How inputs become integers. */
export interface InputOptions {
  /** Rows that show the range of each input, as they come to the model. */
  readonly data: Dataset;
  /** `minmax`: nothing in `data` is clipped. `percentile`: the given share of each one's nonzero magnitudes is not. Default `"minmax"`. */
  readonly range?: "minmax" | "percentile";
  /** For the range `percentile`, in percent, above 0. Default 99.9. */
  readonly percentile?: number;
  /** What shares a scale: each feature has its own, or all have one. Default `"feature"`. */
  readonly granularity?: "feature" | "model";
  /** Rows on which the report says what was lost. Default: `data`. */
  readonly validation?: Dataset;
}

/**
 * A quantized model in 8-bit integer arithmetic throughout, as small processors have it (Jacob et al., 2018, "Quantization and
 * training of neural networks for efficient integer-arithmetic-only inference", section 2, with zero points of zero).
 * Weights are brought to 8 bits once more, each output with a scale of its own; exactly so where inputs share one
 * scale and the weights lie on a uniform grid of at most 7 bits. A feature that is zero in all of `data` takes the widest range
 * of all.
 *
 * @throws `invalid-option`; `width-mismatch`, `invalid-label` where `data` does not fit the model; `not-finite` where features have become so since
 * their matrix was made; `invalid-model` for a model that is not quantized, or sums that could leave 32 bits
 */
export function quantizeInputs(model: QuantizedModel, options: InputOptions): IntegerModel {
  checkKeys(options, ["data", "range", "percentile", "granularity", "validation"], "quantizeInputs");
  checkQuantized(model);
  const range = checkChoice(options.range ?? "minmax", "range", ["minmax", "percentile"] as const);
  const percentile = checkNumber(options.percentile ?? 99.9, "percentile", { above: 0, max: 100 });
  const granularity = checkChoice(options.granularity ?? "feature", "granularity", [
    "feature",
    "model",
  ] as const);
  const data = soundlyAlignedTo(model, options.data);
  const { validation } = options;
  const judged = validation === undefined ? data : soundlyAlignedTo(model, validation);
  const share = range === "minmax" ? 1 : percentile / 100;
  const inputScales = scalesOf(data.features, share, granularity === "model");
  const { codes, outputScales, exact } = integerWeights(model, inputScales);
  const { classes, link, featureNames, intercepts } = model;
  const parts = { classes, link, featureNames, codes, outputScales, inputScales, intercepts };
  const integers = new IntegerModel({ ...parts, calibration: null });
  return new IntegerModel({ ...parts, calibration: reportOf(model, integers, judged, exact) });
}

/** One scale a feature, so that the share of its nonzero magnitudes is within 127 of them. */
function scalesOf(features: Matrix, share: number, shared: boolean): Float64Array {
  const columns = shared ? 1 : features.columns;
  const magnitudes = Array.from({ length: columns }, () => [] as number[]);
  eachValue(features, (x, j) => {
    if (x !== 0) magnitudes[shared ? 0 : j].push(Math.abs(x));
  });
  const tops = Float64Array.from(magnitudes, (all) => {
    if (all.length === 0) return 0;
    const sorted = Float64Array.from(all).sort();
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  });
  const widest = tops.reduce((most, top) => Math.max(most, top), 0) || mostInteger;
  const scales = tops.map((top) => (top > 0 ? top : widest) / mostInteger);
  return shared ? new Float64Array(features.columns).fill(scales[0]) : scales;
}

function integerWeights(
  model: QuantizedModel,
  inputScales: Float64Array,
): { codes: Int8Array; outputScales: Float64Array; exact: boolean } {
  const { weights, outputs, scheme } = model;
  const scaled = weights.map((w, at) => w * inputScales[Math.floor(at / outputs)]);
  const tops = new Float64Array(outputs);
  scaled.forEach((v, at) => {
    tops[at % outputs] = Math.max(tops[at % outputs], Math.abs(v));
  });
  const outputScales = tops.map((top) => (top > 0 ? top / mostInteger : 1));
  // On a uniform grid the weights are whole multiples of half a step.
  const half = scheme.kind === "uniform" ? (Math.abs(scheme.scale) / 2) * inputScales[0] : 0;
  const alike = inputScales.every((scale) => scale === inputScales[0]);
  const exact = alike && half > 0 && tops.every((top) => Math.round(top / half) <= mostInteger);
  if (exact) outputScales.fill(half);
  return {
    codes: Int8Array.from(scaled, (v, at) => Math.round(v / outputScales[at % outputs])),
    outputScales,
    exact,
  };
}

function reportOf(
  model: QuantizedModel,
  integers: IntegerModel,
  data: Dataset,
  exact: boolean,
): IntegerReport {
  const wanted = model.margins(data.features).values;
  const found = integers.margins(data.features).values;
  let largest = 0;
  let sum = 0;
  wanted.forEach((margin, at) => {
    const error = Math.abs(found[at] - margin);
    largest = Math.max(largest, error);
    sum += error;
  });
  let inputs = 0;
  let beyond = 0;
  eachValue(data.features, (x, j) => {
    if (x === 0) return;
    inputs++;
    const scale = integers.inputScales[j];
    if (Math.abs(inputCode(x, scale)) === mostInteger && Math.abs(x) > (mostInteger + 0.5) * scale) beyond++;
  });
  return {
    ...lossBetween(model, integers, data),
    largestMarginError: largest,
    meanMarginError: sum / wanted.length,
    clipped: inputs === 0 ? 0 : beyond / inputs,
    exactWeights: exact,
  };
}

function eachValue(features: Matrix, visit: (x: number, column: number) => void): void {
  for (let i = 0; i < features.rows; i++) {
    const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
    const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
    for (let e = from; e < to; e++) {
      const j = features.kind === "dense" ? e - from : features.indices[e];
      visit(features.values === null ? 1 : features.values[e], j);
    }
  }
}
