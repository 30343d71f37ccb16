import type { Scores } from "./scores";

/** A difference with its 95 % interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

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

/** The mean rise of the loss from the first model to the second, with a paired normal interval. */
export function lossDifference(first: Scores, second: Scores): Interval {
  const { weights, rows } = first;
  let total = 0;
  let mean = 0;
  for (let i = 0; i < rows; i++) {
    total += weights[i];
    mean += weights[i] * (second.losses[i] - first.losses[i]);
  }
  mean /= total;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    squares += (weights[i] * (second.losses[i] - first.losses[i] - mean)) ** 2;
  }
  const half = ((1.959963984540054 * Math.sqrt(squares)) / total) * Math.sqrt(rows / Math.max(rows - 1, 1));
  return { estimate: mean, low: mean - half, high: mean + half };
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
