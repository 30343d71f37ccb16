import type { PenaltyPlan } from "./penalty-options";
import type { Plan } from "./plan";
import type { SparseWeights } from "./sparse-weights";

type PerColumn = {
  [K in keyof PenaltyPlan]: PenaltyPlan[K] extends number | string ? never : K;
}[keyof PenaltyPlan];

/** What a penalty has one of for each column; a new field that is missing here does not compile. */
const perColumn: Readonly<Record<PerColumn, true>> = {
  groups: true,
  weights: true,
  lower: true,
  upper: true,
  scale: true,
};

/** A plan for columns in another order. @param order the given column of each */
export function planInOrder(plan: Plan, order: Uint32Array): Plan {
  const { penalty, mask, start, link, classes } = plan;
  const K = link === "binary" ? 1 : classes;
  const own = Object.fromEntries(
    (Object.keys(perColumn) as PerColumn[]).map((key) => [key, taken(penalty[key], order, 1)]),
  );
  return {
    ...plan,
    penalty: { ...penalty, ...own },
    mask: taken(mask, order, K),
    start: { ...start, weights: taken(start.weights, order, K) },
  };
}

/** Weights for the given columns; those that are not in the order are zero. */
export function weightsAsGiven(weights: Float64Array, order: Uint32Array, columns: number): Float64Array {
  const K = weights.length / order.length;
  const given = new Float64Array(columns * K);
  if (K === 1) {
    for (let c = 0; c < order.length; c++) given[order[c]] = weights[c];
    return given;
  }
  for (let c = 0; c < order.length; c++) {
    for (let k = 0; k < K; k++) given[order[c] * K + k] = weights[c * K + k];
  }
  return given;
}

/** As {@link weightsAsGiven}. */
export function sparseAsGiven(weights: SparseWeights, order: Uint32Array, columns: number): SparseWeights {
  const { length, places, values } = weights;
  const K = length / order.length;
  const given = places.map((at) => order[Math.floor(at / K)] * K + (at % K));
  const rank = Uint32Array.from(given.keys()).sort((a, b) => given[a] - given[b]);
  return {
    length: columns * K,
    places: rank.map((i) => given[i]),
    values: Float64Array.from(rank, (i) => values[i]),
  };
}

type Numbers = Uint8Array | Uint32Array | Float32Array | Float64Array;

/** `K` numbers for each column of the order. */
function taken<T extends Numbers | null>(given: T, order: Uint32Array, K: number): T {
  if (given === null) return given;
  const own = new (given.constructor as new (length: number) => Numbers)(order.length * K);
  for (let c = 0; c < order.length; c++) {
    for (let k = 0; k < K; k++) own[c * K + k] = given[order[c] * K + k];
  }
  return own as T;
}
