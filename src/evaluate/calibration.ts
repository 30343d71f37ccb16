import type { Scores } from "./scores";

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  /** The sum of the row weights. */
  readonly weight: number;
  /** The mean probability that the model gave. */
  readonly predicted: number;
  /** The share of rows in which it came true. */
  readonly observed: number;
}

/**
 * How far probabilities can be believed, in `count` bins of equal width, empty ones left out. For two classes the
 * bins are over the probability of the second class, else over that of the predicted class.
 */
export function calibrationOf(scores: Scores, count: number): CalibrationBin[] {
  const { truth, predicted, probabilities, classes, rows } = scores;
  const claims = Float64Array.from({ length: rows }, (_, i) => {
    return probabilities.values[i * classes + (classes === 2 ? 1 : predicted[i])];
  });
  const right = Uint8Array.from({ length: rows }, (_, i) => {
    return Number(classes === 2 ? truth[i] === 1 : truth[i] === predicted[i]);
  });
  return binned(claims, right, scores.weights, count);
}

/**
 * Expected calibration error: the mean distance of confidence and accuracy of the predicted class, over `count`
 * bins of equal width (Guo et al., 2017, section 2).
 */
export function calibrationErrorOf(scores: Scores, count: number): number {
  const { truth, predicted, probabilities, classes, rows } = scores;
  const claims = Float64Array.from(
    { length: rows },
    (_, i) => probabilities.values[i * classes + predicted[i]],
  );
  const right = Uint8Array.from({ length: rows }, (_, i) => Number(truth[i] === predicted[i]));
  const bins = binned(claims, right, scores.weights, count);
  const total = bins.reduce((sum, bin) => sum + bin.weight, 0);
  return bins.reduce((sum, bin) => sum + bin.weight * Math.abs(bin.predicted - bin.observed), 0) / total;
}

function binned(
  claims: Float64Array,
  right: Uint8Array,
  weights: Float64Array,
  count: number,
): CalibrationBin[] {
  const sums = Array.from({ length: count }, () => ({ weight: 0, claimed: 0, right: 0 }));
  claims.forEach((claim, i) => {
    const bin = sums[Math.min(Math.floor(claim * count), count - 1)];
    bin.weight += weights[i];
    bin.claimed += weights[i] * claim;
    bin.right += weights[i] * right[i];
  });
  return sums
    .filter((bin) => bin.weight > 0)
    .map((bin) => ({
      weight: bin.weight,
      predicted: bin.claimed / bin.weight,
      observed: bin.right / bin.weight,
    }));
}
