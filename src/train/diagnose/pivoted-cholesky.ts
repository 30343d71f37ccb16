/** A column that follows from others: column = sum of factors times columns. */
export interface Dependence {
  readonly column: number;
  readonly others: Uint32Array;
  readonly factors: Float64Array;
}

/**
 * Finds which columns depend on others from their Gram matrix, by Cholesky's method with pivots (Higham, 1990): those
 * that are left when no diagonal is above `tolerance` of what it was. Column 0 is taken first, the others by what is left of them.
 * @param G the matrix, `n x n`, of which the lower triangle is read; it is spoilt
 */
export function dependencesOf(G: Float64Array, n: number, tolerance: number): Dependence[] {
  const order = Uint32Array.from({ length: n }, (_, j) => j);
  const rest = Float64Array.from({ length: n }, (_, j) => G[j * n + j]);
  const least = rest.map((diagonal) => tolerance * diagonal);
  const L = new Float64Array(n * n);
  let rank = 0;
  for (; rank < n; rank++) {
    const at = rank === 0 ? 0 : greatest(order, rest, least, rank);
    if (at < 0) break;
    [order[rank], order[at]] = [order[at], order[rank]];
    const pivot = order[rank];
    const root = Math.sqrt(rest[pivot]);
    L[pivot * n + rank] = root;
    for (let a = rank + 1; a < n; a++) {
      const i = order[a];
      let sum = G[Math.max(i, pivot) * n + Math.min(i, pivot)];
      for (let k = 0; k < rank; k++) sum -= L[i * n + k] * L[pivot * n + k];
      L[i * n + rank] = sum / root;
      rest[i] -= L[i * n + rank] ** 2;
    }
  }
  const others = order.slice(0, rank);
  return Array.from(order.subarray(rank))
    .sort((a, b) => a - b)
    .map((column) => ({ column, others, factors: factorsOf(L, n, others, column) }));
}

function greatest(order: Uint32Array, rest: Float64Array, least: Float64Array, from: number): number {
  let best = -1;
  for (let a = from; a < order.length; a++) {
    const j = order[a];
    if (rest[j] > least[j] && (best < 0 || rest[j] > rest[order[best]])) best = a;
  }
  return best;
}

/** Solves L1' x = l, L1 the pivots' rows and l that of the column. */
function factorsOf(L: Float64Array, n: number, others: Uint32Array, column: number): Float64Array {
  const rank = others.length;
  const x = L.slice(column * n, column * n + rank);
  for (let k = rank - 1; k >= 0; k--) {
    x[k] /= L[others[k] * n + k];
    for (let l = 0; l < k; l++) x[l] -= L[others[k] * n + l] * x[k];
  }
  return x;
}
