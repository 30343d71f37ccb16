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
   * @param room for a number a column, where a kernel is to find them
   */
  constructor(
    lambda: number,
    columns: number,
    outputs: number,
    scale: Float32Array | null,
    weights: Float64Array | null = null,
    room: Float64Array = new Float64Array(columns),
  ) {
    this.#outputs = outputs;
    this.#strengths = strengthsIn(room, { lambda, scale, weights });
    this.strength = scale === null && weights === null && lambda > 0 ? lambda : null;
    this.#bounded = weights === null || weights.every((factor) => factor > 0);
  }

  get strengths(): Float64Array | null {
    return this.#bounded ? this.#strengths : null;
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

interface Strength {
  readonly lambda: number;
  readonly scale: Float32Array | null;
  readonly weights: Float64Array | null;
}

function alone(add: (out: Float64Array) => void): number {
  const out = new Float64Array(1);
  add(out);
  return out[0];
}

/** The L2 strength of each column. */
export function strengthsOf(strength: Strength, columns: number): Float64Array {
  return strengthsIn(new Float64Array(columns), strength);
}

function strengthsIn(strengths: Float64Array, { lambda, scale, weights }: Strength): Float64Array {
  strengths.fill(lambda);
  for (let j = 0; scale !== null && j < strengths.length; j++) strengths[j] /= scale[j] ** 2;
  for (let j = 0; weights !== null && j < strengths.length; j++) strengths[j] *= weights[j];
  return strengths;
}
