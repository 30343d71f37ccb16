import type { Dataset } from "../matrix/dataset";
import type { DenseMatrix } from "../matrix/dense";
import type { LinearModel } from "../model/linear";
import { distinctWarnings, type FitWarning } from "../model/warning";
import { diagnose, diagnoseFit, farScales, widestScales } from "./diagnose";
import { momentsOf } from "./diagnose/moments";

/** Data of more stored values and columns are not searched after a fit, since that holds up the thread of the caller. */
const mostStored = 1_000_000;
/** Of more parameters the information is not inverted after a fit. */
const mostInverted = 200;
/** Ratios of ranges that are looked into where rows have weights. */
const suspicious = 1e4;

/**
 * The warnings of a fit with those that its data explain: without a penalty, or where the fit did not converge, all
 * that `diagnose` and `diagnoseFit` find; else scales that lie too far apart for a penalty. Data of more than a million
 * stored values and columns are left to `diagnose`.
 */
export function remarksOn(model: LinearModel, data: Dataset): readonly FitWarning[] {
  const { fit, lambda, bounds } = model;
  if (data.features.nonzeros + data.columns > mostStored) return fit.warnings;
  if (lambda > 0 && fit.converged) {
    return mightLieFarApart(data) ? [...fit.warnings, ...farScales(data, momentsOf(data))] : fit.warnings;
  }
  const found = diagnose(data, { penalised: lambda > 0 });
  const small = (data.columns + 1) * model.outputs <= mostInverted;
  const separation = lambda === 0 && bounds === null && small ? diagnoseFit(model, data) : [];
  // The latter names the features that separate the classes.
  const own = separation.length > 0 ? fit.warnings.filter(({ code }) => code !== "separable") : fit.warnings;
  return distinctWarnings([...own, ...separation, ...found]);
}

/** Answers of {@link mayLieFarApart}: a notebook fits to the same data again and again. */
const known = new WeakMap<Dataset, boolean>();

function mightLieFarApart(data: Dataset): boolean {
  const answer = known.get(data) ?? mayLieFarApart(data);
  known.set(data, answer);
  return answer;
}

/** Whether standard deviations can lie far apart, by the ranges of the columns, in one plain pass. */
function mayLieFarApart(data: Dataset): boolean {
  const ranges = rangesOf(data);
  if (ranges === null) return false;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let j = 0; j < ranges.length; j++) {
    const range = ranges[j] * (data.scale === null ? 1 : data.scale[j]);
    if (range > 0 && range < least) least = range;
    if (range > most) most = range;
  }
  // A deviation is at most half the range, and at least the range over the root of twice the rows.
  const bound = data.weights === null ? widestScales / Math.sqrt(2 * data.rows) : suspicious;
  return most > bound * least;
}

/** Small dense fits take a fraction of a millisecond, of which this is to be little. */
function denseRanges({ values, rows, columns }: DenseMatrix): Float64Array {
  const low = Float32Array.from(values.subarray(0, columns));
  const high = low.slice();
  for (let i = 1, k = columns; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) {
      const x = values[k];
      if (x < low[j]) low[j] = x;
      else if (x > high[j]) high[j] = x;
    }
  }
  return Float64Array.from(low, (x, j) => high[j] - x);
}

function rangesOf({ features, rows, columns, weights }: Dataset): Float64Array | null {
  const { values } = features;
  if (values === null) return null;
  if (features.kind === "dense" && weights === null) return denseRanges(features);
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  const counts = new Uint32Array(columns);
  let present = 0;
  for (let i = 0; i < rows; i++) {
    if (weights !== null && !(weights[i] > 0)) continue;
    present++;
    const dense = features.kind === "dense";
    const from = dense ? i * columns : features.pointers[i];
    const to = dense ? from + columns : features.pointers[i + 1];
    for (let k = from; k < to; k++) {
      const j = dense ? k - from : features.indices[k];
      const x = values[k];
      counts[j]++;
      if (x < low[j]) low[j] = x;
      if (x > high[j]) high[j] = x;
    }
  }
  return low.map((x, j) => {
    if (counts[j] === present) return high[j] - x;
    return Math.max(high[j], 0) - Math.min(x, 0);
  });
}
