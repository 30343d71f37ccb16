import { cheapestChain, joinChains } from "./chain";

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
  const cost = runCost(points.values, points.weights);
  const ends = cheapestRuns(n, count, cost.of);
  return Float64Array.from({ length: count }, (_, run) => cost.mean(ends[run], ends[run + 1]));
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

interface RunCost {
  /** The weighted squared distance of the values `from <= i < to` to their mean. */
  of(from: number, to: number): number;
  mean(from: number, to: number): number;
}

function cheapestRuns(n: number, count: number, cost: RunCost["of"]): Uint32Array {
  let dear = 2 * cost(0, n) + Number.MIN_VALUE;
  let cheap = 0;
  let few: Uint32Array = Uint32Array.of(0, n);
  let many: Uint32Array = Uint32Array.from({ length: n + 1 }, (_, i) => i);
  for (let round = 0; round < 120 && dear - cheap > dear * 2 ** -50; round++) {
    const share = round % 3 === 2 ? 0.5 : shareOf(few.length - 1, many.length - 1, count);
    const price = cheap === 0 ? dear / 64 : cheap * (dear / cheap) ** share;
    if (price <= cheap || price >= dear) break;
    const ends = cheapestChain(n, price, cost);
    const runs = ends.length - 1;
    if (runs === count) return ends;
    if (runs < count) [few, dear] = [ends, price];
    else [many, cheap] = [ends, price];
  }
  return joinChains(few, many, count);
}

/** Where between two prices the right one lies: the number of runs falls about as a power of the price. */
function shareOf(few: number, many: number, count: number): number {
  const share = Math.log(many / count) / Math.log(many / few);
  return Math.min(Math.max(share, 0.01), 0.99);
}

function distinctPoints(
  values: Float64Array,
  importances: Float64Array | null,
): { values: Float64Array; weights: Float64Array } {
  const order = Uint32Array.from(values.keys());
  if (importances === null) values = values.slice().sort();
  else order.sort((a, b) => values[a] - values[b]);
  const distinct: number[] = [];
  const weights: number[] = [];
  order.forEach((original, i) => {
    const value = importances === null ? values[i] : values[original];
    const weight = importances === null ? 1 : importances[original];
    if (distinct.length > 0 && distinct[distinct.length - 1] === value) weights[weights.length - 1] += weight;
    else {
      distinct.push(value);
      weights.push(weight);
    }
  });
  return { values: Float64Array.from(distinct), weights: Float64Array.from(weights) };
}

function runCost(values: Float64Array, weights: Float64Array): RunCost {
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
  return {
    of(from, to) {
      const sum = first[to] - first[from];
      return Math.max(0, second[to] - second[from] - (sum * sum) / (total[to] - total[from]));
    },
    mean(from, to) {
      if (to - from === 1) return values[from];
      let sum = 0;
      for (let i = from; i < to; i++) sum += weights[i] * (values[i] - centre);
      return centre + sum / (total[to] - total[from]);
    },
  };
}
