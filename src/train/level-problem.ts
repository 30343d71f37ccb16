import { sigmoid, softmaxInPlace, softplus } from "../base/sigmoid";
import type { Link } from "../model/scorer";

/** Value, gradient and Hessian at a point. */
export interface Quadratic {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Row after row; the lower triangle. */
  readonly hessian: Float64Array;
}

/**
 * Regression on few parameters shared by all outputs: the margin of row i for output k is
 * sum_l parameter[l] * Z[i, k, l] + intercept[k].
 */
export class LevelProblem {
  readonly size: number;
  readonly #row: Float64Array;

  /**
   * @param table Z, rows x outputs x levels
   * @param strengths the L2 strength of each level
   * @param fitIntercept whether the intercepts vary
   */
  constructor(
    readonly table: Float64Array,
    readonly levels: number,
    readonly outputs: number,
    readonly link: Link,
    readonly labels: Uint32Array,
    readonly shares: Float64Array,
    readonly strengths: Float64Array,
    readonly fitIntercept = true,
  ) {
    this.size = levels + outputs;
    this.#row = new Float64Array(outputs);
  }

  /** The objective at `p`: the levels, then the intercepts. */
  value(p: Float64Array): number {
    let sum = this.#penalty(p);
    for (let i = 0; i < this.labels.length; i++) sum += this.shares[i] * this.#loss(i, p);
    return sum;
  }

  quadratic(p: Float64Array): Quadratic {
    const { size, outputs: K, levels: L } = this;
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    let value = this.#penalty(p);
    for (let l = 0; l < L; l++) {
      gradient[l] = this.strengths[l] * p[l];
      hessian[l * size + l] = this.strengths[l] > 0 ? this.strengths[l] : Number.MIN_VALUE;
    }
    const z = new Float64Array(size);
    const mean = new Float64Array(size);
    for (let i = 0; i < this.labels.length; i++) {
      const share = this.shares[i];
      value += share * this.#loss(i, p);
      mean.fill(0);
      for (let k = 0; k < K; k++) {
        const probability = this.link === "softmax" ? this.#row[k] : sigmoid(this.#row[k]);
        this.#extended(i, k, z);
        const residual = share * (probability - this.#target(i, k));
        for (let l = 0; l < size; l++) gradient[l] += residual * z[l];
        if (this.link === "softmax") {
          addOuter(hessian, share * probability, z);
          for (let l = 0; l < size; l++) mean[l] += probability * z[l];
        } else addOuter(hessian, share * probability * (1 - probability), z);
      }
      if (this.link === "softmax") addOuter(hessian, -share, mean);
    }
    if (this.link === "softmax") this.#pin(hessian);
    if (!this.fitIntercept) this.#hold(gradient, hessian);
    return { value, gradient, hessian };
  }

  /** Softmax does not see a shift of all intercepts: curvature along it changes no step and makes the Hessian regular. */
  #pin(hessian: Float64Array): void {
    const { size, outputs, levels } = this;
    const z = new Float64Array(size).fill(1, levels);
    addOuter(hessian, 1 / outputs, z);
  }

  /** Leaves nothing to gain along the intercepts. */
  #hold(gradient: Float64Array, hessian: Float64Array): void {
    const { size, levels } = this;
    gradient.fill(0, levels);
    for (let i = levels; i < size; i++) {
      hessian.fill(0, i * size, i * size + i);
      hessian[i * size + i] = 1;
    }
  }

  #penalty(p: Float64Array): number {
    return this.strengths.reduce((sum, strength, l) => sum + (strength / 2) * p[l] * p[l], 0);
  }

  /** The loss of row i; leaves its margins, or probabilities for softmax, in the row's buffer. */
  #loss(i: number, p: Float64Array): number {
    const { outputs: K, levels: L } = this;
    const row = this.#row;
    for (let k = 0; k < K; k++) {
      row[k] = p[L + k];
      for (let l = 0; l < L; l++) row[k] += p[l] * this.table[(i * K + k) * L + l];
    }
    if (this.link === "softmax") {
      const own = row[this.labels[i]];
      return softmaxInPlace(row, 0, K) - own;
    }
    let sum = 0;
    for (let k = 0; k < K; k++) sum += softplus(this.#target(i, k) === 1 ? -row[k] : row[k]);
    return sum;
  }

  #target(i: number, k: number): number {
    return this.labels[i] === (this.link === "binary" ? 1 : k) ? 1 : 0;
  }

  #extended(i: number, k: number, z: Float64Array): void {
    const { outputs: K, levels: L } = this;
    const from = (i * K + k) * L;
    z.set(this.table.subarray(from, from + L));
    z.fill(0, L);
    z[L + k] = 1;
  }
}

function addOuter(hessian: Float64Array, factor: number, z: Float64Array): void {
  const n = z.length;
  for (let i = 0; i < n; i++) {
    const f = factor * z[i];
    if (f === 0) continue;
    for (let j = 0; j <= i; j++) hessian[i * n + j] += f * z[j];
  }
}
