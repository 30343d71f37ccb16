import { Random } from "../base/random";

/** A difference with its 95 % interval. */
export interface Interval {
  /** The value on the rows themselves. */
  readonly estimate: number;
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** How an interval is drawn. */
export interface Resampling {
  /** How often rows are drawn again. */
  readonly resamples: number;
  readonly seed: number;
}

/** More rows than this are put into as many groups at random, which are drawn instead. */
const mostDrawn = 5000;

/**
 * The weighted mean of `differences` of two models on the same rows, with the interval that holds it in 95 % of samples
 * drawn from these rows with replacement (the paired bootstrap of percentiles: Efron and Tibshirani, 1993, chapter 13). The
 * same seed gives the same interval.
 */
export function bootstrapInterval(
  differences: Float64Array,
  weights: Float64Array,
  { resamples, seed }: Resampling,
): Interval {
  const random = new Random(seed);
  const { sums, totals } = grouped(differences, weights, random);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let total = 0;
    for (let left = sums.length; left > 0; left--) {
      const at = random.integer(sums.length);
      sum += sums[at];
      total += totals[at];
    }
    means[r] = total > 0 ? sum / total : 0;
  }
  means.sort();
  return {
    estimate: add(sums) / add(totals),
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
  };
}

function grouped(differences: Float64Array, weights: Float64Array, random: Random) {
  const count = Math.min(differences.length, mostDrawn);
  const order = Uint32Array.from(differences.keys());
  if (count < order.length) random.shuffle(order);
  const sums = new Float64Array(count);
  const totals = new Float64Array(count);
  order.forEach((row, i) => {
    sums[i % count] += weights[row] * differences[row];
    totals[i % count] += weights[row];
  });
  return { sums, totals };
}

function add(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const next = sorted[Math.min(low + 1, sorted.length - 1)];
  return sorted[low] + (place - low) * (next - sorted[low]);
}
