import type { Penalty } from "./penalty";

/** Half the sum of the squared weights, each times the strength of its column. */
export class L2Penalty implements Penalty {
  readonly name = "l2";
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
    this.#bounded = weights === null || weights.every((factor) => factor > 0);
  }

  value(w: Float64Array): number {
    let sum = 0;
    this.#each((j, strength) => {
      sum += strength * w[j] * w[j];
    });
    return sum / 2;
  }

  gradient(w: Float64Array, g: Float64Array): void {
    this.product(w, g);
  }

  product(v: Float64Array, out: Float64Array): void {
    this.#each((j, strength) => {
      out[j] += strength * v[j];
    });
  }

  diagonal(out: Float64Array): void {
    this.#each((j, strength) => {
      out[j] += strength;
    });
  }

  /** The square of the penalty's gradient plus the correlations, which keeps its digits down to zero. */
  divergence(w: Float64Array, correlations: Float64Array, frozen: Uint8Array | null): number {
    if (!this.#bounded) return Number.NaN;
    let total = 0;
    this.#each((j, strength) => {
      if (frozen === null || frozen[j] === 0) total += (strength * w[j] + correlations[j]) ** 2 / strength;
    });
    return total / 2;
  }

  leastGap(g: Float64Array, frozen: Uint8Array | null): number {
    if (!this.#bounded) return Number.NaN;
    let total = 0;
    this.#each((j, strength) => {
      if (frozen === null || frozen[j] === 0) total += (g[j] * g[j]) / strength;
    });
    return total / 2;
  }

  #each(visit: (j: number, strength: number) => void): void {
    const K = this.#outputs;
    for (let c = 0; c < this.#strengths.length; c++) {
      const strength = this.#strengths[c];
      for (let j = c * K; j < (c + 1) * K; j++) visit(j, strength);
    }
  }
}

/** The L2 strength of each column. */
export function strengthsOf(
  { lambda, scale, weights }: { lambda: number; scale: Float32Array | null; weights: Float64Array | null },
  columns: number,
): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => {
    const strength = scale === null ? lambda : lambda / scale[j] ** 2;
    return weights === null ? strength : strength * weights[j];
  });
}
