import { cheapestChain, joinChains, type RunSums, runCost } from "./chain";
import { ascendingOrder } from "./order";

/**
 * The `count` levels with the smallest sum of squared distances from `values` to the nearest level: k-means in one
 * dimension, exactly. Clusters are runs of the sorted values, and the cost of a run is concave in the sense of Monge,
 * so the best partition into any number of runs at a price a run is found in O(n log n); the price is narrowed
 * down until the number is right, O(n log n log 1/eps) in all, whatever the count (Gronlund et al., 2017, "Fast exact k-means,
 * k-medians and Bregman divergence clustering in 1D", section 3). Fewer levels where fewer values are distinct.
 *
 * @param importances how much the square of each value's error counts; `null` for ones
 * @returns the levels, ascending
 */
export function kmeansLevels(
  values: Float64Array,
  count: number,
  importances: Float64Array | null,
): Float64Array {
  const points = distinctPoints(values, importances);
  const n = points.values.length;
  if (n <= count) return points.values;
  const sums = sumsOf(points);
  const ends = cheapestRuns(sums, count, priceOf(points, count));
  return Float64Array.from({ length: count }, (_, run) => meanOf(points, ends[run], ends[run + 1]));
}

/** The code of the nearest of ascending `levels`, the lower of two as near. */
export function nearestLevel(value: number, levels: Float64Array): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (levels[middle] + levels[middle + 1]) / 2) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted points, no two the same. */
interface Points {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** More points than this are first summed up to as many, to learn about where the price lies. */
const coarse = 4096;

/** About the price at which the cheapest chain has `count` runs; 0 where there is no saying. */
function priceOf(points: Points, count: number): number {
  const n = points.values.length;
  if (n <= 4 * coarse || count > coarse / 8) return 0;
  const values = new Float64Array(coarse);
  const weights = new Float64Array(coarse);
  for (let group = 0; group < coarse; group++) {
    const from = Math.floor((group * n) / coarse);
    const to = Math.floor(((group + 1) * n) / coarse);
    values[group] = meanOf(points, from, to);
    for (let i = from; i < to; i++) weights[group] += points.weights[i];
  }
  let price = 0;
  cheapestRuns(sumsOf({ values, weights }), count, 0, (tried) => {
    price = tried;
  });
  return price;
}

function cheapestRuns(
  sums: RunSums,
  count: number,
  guess: number,
  onPrice: (price: number) => void = () => {},
): Uint32Array {
  const n = sums.total.length - 1;
  let dear = 2 * runCost(sums, 0, n) + Number.MIN_VALUE;
  let cheap = 0;
  let few: Uint32Array = Uint32Array.of(0, n);
  let many: Uint32Array | null = null;
  for (let round = 0; round < 120 && dear - cheap > dear * 2 ** -50; round++) {
    let price = dear / 64;
    if (round < 6 && guess > 0 && guess > cheap && guess < dear) price = guess;
    else if (cheap > 0) {
      const share =
        round % 3 === 2 ? 0.5 : shareOf(few.length - 1, many === null ? n : many.length - 1, count);
      price = cheap * (dear / cheap) ** share;
    }
    if (price <= cheap || price >= dear) break;
    onPrice(price);
    const ends = cheapestChain(sums, price);
    const runs = ends.length - 1;
    if (runs === count) return ends;
    if (runs < count) [few, dear] = [ends, price];
    else [many, cheap] = [ends, price];
    // The number of runs falls as the price to about one third.
    guess = guess > 0 ? price * (runs / count) ** 3 : 0;
  }
  return joinChains(few, many ?? Uint32Array.from({ length: n + 1 }, (_, i) => i), count);
}

/** Where between two prices the right one lies: the number of runs falls about as a power of the price. */
function shareOf(few: number, many: number, count: number): number {
  const share = Math.log(many / count) / Math.log(many / few);
  return Math.min(Math.max(share, 0.01), 0.99);
}

function distinctPoints(given: Float64Array, importances: Float64Array | null): Points {
  const order = importances === null ? null : ascendingOrder(given);
  const sorted = order === null ? given.slice().sort() : given.map((_, at) => given[order[at]]);
  const values = new Float64Array(sorted.length);
  const weights = new Float64Array(sorted.length);
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) values[count++] = sorted[at];
    weights[count - 1] += order === null ? 1 : importances![order[at]];
  }
  return { values: values.slice(0, count), weights: weights.slice(0, count) };
}

function sumsOf({ values, weights }: Points): RunSums {
  const n = values.length;
  const centre = values[n >> 1];
  const total = new Float64Array(n + 1);
  const first = new Float64Array(n + 1);
  const second = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const x = values[i] - centre;
    total[i + 1] = total[i] + weights[i];
    first[i + 1] = first[i] + weights[i] * x;
    second[i + 1] = second[i] + weights[i] * x * x;
  }
  return { total, first, second };
}

function meanOf({ values, weights }: Points, from: number, to: number): number {
  if (to - from === 1) return values[from];
  const centre = values[from];
  let sum = 0;
  let total = 0;
  for (let i = from; i < to; i++) {
    sum += weights[i] * (values[i] - centre);
    total += weights[i];
  }
  return centre + sum / total;
}
