import { bootstrapInterval, type Interval, type Resampling } from "./bootstrap";
import type { Scores } from "./scores";

/** McNemar's test (1947) of whether two models are right equally often, on the rows where just one of them is. */
export interface McNemar {
  /** Rows that the first model has right and the second wrong. */
  readonly lost: number;
  /** Rows that the second model has right and the first wrong. */
  readonly gained: number;
  /** Two-sided, from the exact binomial distribution. Row weights don't count here. */
  readonly pValue: number;
}

/** Compares which rows two models have right. */
export function mcNemarOf(first: Scores, second: Scores): McNemar {
  let lost = 0;
  let gained = 0;
  first.truth.forEach((k, i) => {
    const before = first.predicted[i] === k;
    const after = second.predicted[i] === k;
    if (before && !after) lost++;
    if (after && !before) gained++;
  });
  return { lost, gained, pValue: binomialTest(Math.min(lost, gained), lost + gained) };
}

/** The mean rise of the loss from the first model to the second, with its paired interval. */
export function lossDifference(first: Scores, second: Scores, resampling: Resampling): Interval {
  const rise = second.losses.map((loss, i) => loss - first.losses[i]);
  return bootstrapInterval(rise, first.weights, resampling);
}

/** The rise of the accuracy from the first model to the second, with its paired interval. */
export function accuracyDifference(first: Scores, second: Scores, resampling: Resampling): Interval {
  const rise = Float64Array.from(first.truth, (k, i) => {
    return Number(second.predicted[i] === k) - Number(first.predicted[i] === k);
  });
  return bootstrapInterval(rise, first.weights, resampling);
}

/** The number of rows whose predicted class differs. */
export function changedLabels(first: Scores, second: Scores): number {
  return first.predicted.reduce((count, k, i) => count + Number(second.predicted[i] !== k), 0);
}

/** The chance of `tail` or fewer, or as extreme on the other side, of `n` throws of a fair coin. */
export function binomialTest(tail: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = 0;
  for (let k = 0; k <= tail; k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * sum);
}
