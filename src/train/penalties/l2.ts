import type { Penalty } from "./penalty";

/** Half the sum of the squared weights, each times the strength of its column. */
export class L2Penalty implements Penalty {
  readonly name = "l2";
  readonly strength: number | null;
  readonly #strengths: Float64Array;
  readonly #outputs: number;
  /** Whether there is a dual bound: every weight is penalised. */
  readonly #bounded: boolean;

  /**
   * @param lambda the strength, on the mean loss
   * @param scale the scale in which each column is penalised: a weight w of column j counts as w / scale[j]
   * @param weights a factor of the strength of each column, 0 for none
   */
  constructor(
    lambda: number,
    columns: number,
    outputs: number,
    scale: Float32Array | null,
    weights: Float64Array | null = null,
  ) {
    this.#outputs = outputs;
    this.#strengths = strengthsOf({ lambda, scale, weights }, columns);
    this.strength = scale === null && weights === null && lambda > 0 ? lambda : null;
    this.#bounded = weights === null || weights.every((factor) => factor > 0);
  }

  value(w: Float64Array): number {
    return alone((out) => this.addValues(w, out));
  }

  gradient(w: Float64Array, g: Float64Array): void {
    this.product(w, g);
  }

  product(v: Float64Array, out: Float64Array): void {
    const strengths = this.#strengths;
    const K = this.#outputs;
    for (let c = 0, j = 0; c < strengths.length; c++) {
      for (let k = 0; k < K; k++, j++) out[j] += strengths[c] * v[j];
    }
  }

  diagonal(out: Float64Array): void {
    const strengths = this.#strengths;
    const K = this.#outputs;
    for (let c = 0, j = 0; c < strengths.length; c++) {
      for (let k = 0; k < K; k++, j++) out[j] += strengths[c];
    }
  }

  divergence(w: Float64Array, correlations: Float64Array, frozen: Uint8Array | null): number {
    return alone((out) => this.addDivergences(w, correlations, frozen, out));
  }

  leastGap(g: Float64Array, frozen: Uint8Array | null): number {
    return alone((out) => this.addLeastGaps(g, frozen, out));
  }

  addValues(w: Float64Array, out: Float64Array): void {
    const strengths = this.#strengths;
    const K = this.#outputs;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let c = 0, j = k; c < strengths.length; c++, j += K) sum += strengths[c] * w[j] * w[j];
      out[k % out.length] += sum / 2;
    }
  }

  /** The square of the penalty's gradient plus the correlations, which keeps its digits down to zero. */
  addDivergences(
    w: Float64Array,
    correlations: Float64Array,
    frozen: Uint8Array | null,
    out: Float64Array,
  ): void {
    if (!this.#bounded) out.fill(Number.NaN);
    const strengths = this.#strengths;
    const K = this.#outputs;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let c = 0, j = k; c < strengths.length; c++, j += K) {
        const residual = strengths[c] * w[j] + correlations[j];
        if (frozen === null || frozen[j] === 0) sum += (residual * residual) / strengths[c];
      }
      out[k % out.length] += sum / 2;
    }
  }

  addLeastGaps(g: Float64Array, frozen: Uint8Array | null, out: Float64Array): void {
    if (!this.#bounded) out.fill(Number.NaN);
    const strengths = this.#strengths;
    const K = this.#outputs;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let c = 0, j = k; c < strengths.length; c++, j += K) {
        if (frozen === null || frozen[j] === 0) sum += (g[j] * g[j]) / strengths[c];
      }
      out[k % out.length] += sum / 2;
    }
  }
}

function alone(add: (out: Float64Array) => void): number {
  const out = new Float64Array(1);
  add(out);
  return out[0];
}

/** The L2 strength of each column. */
export function strengthsOf(
  { lambda, scale, weights }: { lambda: number; scale: Float32Array | null; weights: Float64Array | null },
  columns: number,
): Float64Array {
  const strengths = new Float64Array(columns).fill(lambda);
  for (let j = 0; scale !== null && j < columns; j++) strengths[j] /= scale[j] ** 2;
  for (let j = 0; weights !== null && j < columns; j++) strengths[j] *= weights[j];
  return strengths;
}
