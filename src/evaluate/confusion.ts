import type { Label } from "../matrix/dataset";
import type { Scores } from "./scores";

/** How often each class was taken for each other: sums of row weights, truth by row, prediction by column. */
export interface Confusion {
  /** The classes, in the order of rows and columns. */
  readonly classes: readonly Label[];
  /** `classes x classes`, row after row. */
  readonly counts: Float64Array;
}

/** Counts true against predicted classes. */
export function confusionOf({ truth, predicted, weights }: Scores, classes: readonly Label[]): Confusion {
  const counts = new Float64Array(classes.length ** 2);
  truth.forEach((k, i) => {
    counts[k * classes.length + predicted[i]] += weights[i];
  });
  return { classes, counts };
}

/** The share of rows whose class was predicted. */
export function accuracyOf(confusion: Confusion): number {
  return sum(confusion.classes.map((_, k) => hits(confusion, k))) / sum(confusion.counts);
}

/** The mean recall of the classes that occur. */
export function balancedAccuracyOf(confusion: Confusion): number {
  const recalls = confusion.classes
    .map((_, k) => ({ hit: hits(confusion, k), all: ofTruth(confusion, k) }))
    .filter(({ all }) => all > 0)
    .map(({ hit, all }) => hit / all);
  return sum(recalls) / recalls.length;
}

/** The unweighted mean of each class's F1; a class that neither occurs nor is predicted is left out. */
export function macroF1Of(confusion: Confusion): number {
  const scores = confusion.classes
    .map((_, k) => ({ hit: hits(confusion, k), all: ofTruth(confusion, k) + asPredicted(confusion, k) }))
    .filter(({ all }) => all > 0)
    .map(({ hit, all }) => (2 * hit) / all);
  return sum(scores) / scores.length;
}

function hits({ classes, counts }: Confusion, k: number): number {
  return counts[k * classes.length + k];
}

function ofTruth({ classes, counts }: Confusion, k: number): number {
  return sum(counts.subarray(k * classes.length, (k + 1) * classes.length));
}

function asPredicted({ classes, counts }: Confusion, k: number): number {
  return sum(classes.map((_, t) => counts[t * classes.length + k]));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
