import type { Scores } from "./scores";

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  /** How many rows it holds. */
  readonly rows: number;
  /** The sum of the row weights. */
  readonly weight: number;
  /** The mean probability that the model gave. */
  readonly predicted: number;
  /** The share of rows in which it came true. */
  readonly observed: number;
  /** The lower end of the 95 % interval of that share (Wilson, 1927). */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** The rows below which a share says next to nothing: its interval is 0.4 wide or wider. */
const fewest = 20;
/** The normal distribution's 97.5 % point. */
const z = 1.959963984540054;

interface Sums {
  readonly rows: number;
  readonly weight: number;
  readonly claimed: number;
  readonly right: number;
  readonly squares: number;
}

/**
 * How far probabilities can be believed, in at most `count` bins. They begin as bins of equal width; the one of the fewest rows
 * is joined to its neighbour of fewer until each holds 20, or the data is one bin. For two classes the bins are over the
 * probability of the second class, else over that of the predicted class. Rows of unequal weights count as
 * (sum of weights)^2 / sum of squared weights (Kish, 1965).
 */
export function calibrationOf(scores: Scores, count: number): CalibrationBin[] {
  const { truth, predicted, probabilities, classes, rows } = scores;
  const claims = Float64Array.from({ length: rows }, (_, i) => {
    return probabilities.values[i * classes + (classes === 2 ? 1 : predicted[i])];
  });
  const right = Uint8Array.from({ length: rows }, (_, i) => {
    return Number(classes === 2 ? truth[i] === 1 : truth[i] === predicted[i]);
  });
  return merged(binned(claims, right, scores.weights, count)).map(binOf);
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
  return bins.reduce((sum, bin) => sum + Math.abs(bin.claimed - bin.right), 0) / total;
}

function binned(claims: Float64Array, right: Uint8Array, weights: Float64Array, count: number): Sums[] {
  const sums = Array.from({ length: count }, () => ({
    rows: 0,
    weight: 0,
    claimed: 0,
    right: 0,
    squares: 0,
  }));
  claims.forEach((claim, i) => {
    const bin = sums[Math.min(Math.floor(claim * count), count - 1)];
    bin.rows++;
    bin.weight += weights[i];
    bin.claimed += weights[i] * claim;
    bin.right += weights[i] * right[i];
    bin.squares += weights[i] ** 2;
  });
  return sums.filter((bin) => bin.weight > 0);
}

function merged(bins: Sums[]): Sums[] {
  const kept = [...bins];
  while (kept.length > 1) {
    const sizes = kept.map(effectiveRows);
    const least = sizes.indexOf(Math.min(...sizes));
    if (sizes[least] >= fewest) break;
    const below =
      (sizes[least - 1] ?? Number.POSITIVE_INFINITY) <= (sizes[least + 1] ?? Number.POSITIVE_INFINITY);
    const from = below ? least - 1 : least;
    kept.splice(from, 2, joined(kept[from], kept[from + 1]));
  }
  return kept;
}

function joined(a: Sums, b: Sums): Sums {
  return {
    rows: a.rows + b.rows,
    weight: a.weight + b.weight,
    claimed: a.claimed + b.claimed,
    right: a.right + b.right,
    squares: a.squares + b.squares,
  };
}

function effectiveRows({ weight, squares }: Sums): number {
  return weight ** 2 / squares;
}

function binOf(sums: Sums): CalibrationBin {
  const { rows, weight, claimed, right } = sums;
  const observed = right / weight;
  const n = effectiveRows(sums);
  const middle = (observed + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((observed * (1 - observed)) / n + (z / (2 * n)) ** 2);
  return {
    rows,
    weight,
    predicted: claimed / weight,
    observed,
    low: Math.max(middle - half, 0),
    high: Math.min(middle + half, 1),
  };
}
