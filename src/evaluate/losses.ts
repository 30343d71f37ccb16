import type { Scores } from "./scores";

/** The mean of -log(probability of the true class), by row weight. Taken from margins, so nothing is clipped. */
export function logLossOf({ losses, weights }: Scores): number {
  return weightedMean(losses, weights);
}

/**
 * Brier's score (1950): the mean squared distance of the probabilities from what came true, summed over the
 * classes; for two classes, of the second class alone, as is the custom.
 */
export function brierOf({ probabilities, truth, weights, classes }: Scores): number {
  const distances = Float64Array.from(truth, (k, i) => {
    if (classes === 2) return (probabilities.values[2 * i + 1] - k) ** 2;
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      sum += (probabilities.values[i * classes + c] - Number(c === k)) ** 2;
    }
    return sum;
  });
  return weightedMean(distances, weights);
}

/** The mean of `values` by `weights`. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}
