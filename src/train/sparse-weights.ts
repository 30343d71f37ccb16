/** Weights by the places of those that are not zero, ascending. */
export interface SparseWeights {
  readonly length: number;
  readonly places: Uint32Array;
  readonly values: Float64Array;
}

/** The weights that are not zero, all of which lie at some places, ascending. */
export function sparseAt(weights: Float64Array, candidates: Uint32Array): SparseWeights {
  const places = candidates.filter((at) => weights[at] !== 0);
  return { length: weights.length, places, values: Float64Array.from(places, (at) => weights[at]) };
}

/** The weights that are not zero of one table, or of one vector for each output. */
export function sparseOf(parts: readonly Float64Array[]): SparseWeights {
  const K = parts.length;
  const size = parts[0].length;
  let count = 0;
  for (const part of parts) for (let j = 0; j < size; j++) if (part[j] !== 0) count++;
  const places = new Uint32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < K; k++) {
      const w = parts[k][j];
      if (w === 0) continue;
      places[at] = j * K + k;
      values[at++] = w;
    }
  }
  return { length: size * K, places, values };
}

/** Weights in full, or where most are zero by their places. */
export type Weights = Float64Array | SparseWeights;

/** Shares of nonzeros above which places cost more than zeros. */
const mostNonzeros = 1 / 3;

/** Weights by their places where that is shorter. */
export function compact(weights: Float64Array): Weights {
  let count = 0;
  for (let j = 0; j < weights.length; j++) if (weights[j] !== 0) count++;
  return count < mostNonzeros * weights.length ? sparseOf([weights]) : weights;
}

/** Weights in full, whichever way they are held. */
export function inFull(weights: Weights): Float64Array {
  return weights instanceof Float64Array ? weights : denseOf(weights);
}

/** The weights in full. */
export function denseOf({ length, places, values }: SparseWeights): Float64Array {
  const weights = new Float64Array(length);
  for (let i = 0; i < places.length; i++) weights[places[i]] = values[i];
  return weights;
}
