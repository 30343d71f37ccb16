import { softmaxInPlace } from "../base/sigmoid";
import type { Link } from "../model/scorer";
import { holdParameter } from "./level-box";

/** Value, gradient and Hessian at a point. */
interface Quadratic {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Row after row; the lower triangle. */
  readonly hessian: Float64Array;
}

/** The features summed by parameter: what each output's margin is made of. */
interface LevelTable {
  /** For each output the parameters that it has, ascending. */
  readonly active: readonly Uint32Array[];
  /** Where the numbers of each output begin in a row. */
  readonly offsets: readonly number[];
  /** How many numbers a row has. */
  readonly stride: number;
  /** Rows x stride: z[i, k, a], the sum of factor times feature over the weights of output k with parameter active[k][a]. */
  readonly values: Float64Array;
}

/**
 * Regression on few parameters that weights share: the margin of row i for output k is
 * sum_a parameter[active[k][a]] * z[i, k, a] + intercept[k].
 */
export class LevelProblem {
  readonly size: number;
  readonly #row: Float64Array;

  /**
   * @param strengths the L2 strength of each parameter
   * @param held whether the parameters stay where they are, so that only the intercepts are free
   * @param fitIntercept whether the intercepts vary
   */
  constructor(
    readonly table: LevelTable,
    readonly levels: number,
    readonly outputs: number,
    readonly link: Link,
    readonly labels: Uint32Array,
    readonly shares: Float64Array,
    readonly strengths: Float64Array,
    readonly held = false,
    readonly fitIntercept = true,
  ) {
    this.size = levels + outputs;
    this.#row = new Float64Array(outputs);
  }

  /** The objective at `p`: the parameters, then the intercepts. */
  value(p: Float64Array): number {
    let sum = this.#penalty(p);
    for (let i = 0; i < this.labels.length; i++) sum += this.shares[i] * this.#loss(i, p);
    return sum;
  }

  /**
   * @param every of the rows one of so many tells of the curvature, which takes the most by far where outputs are many; value and gradient are of
   * all rows (Byrd, Chin, Neveitt and Nocedal, 2011, "On the use of stochastic Hessian information in optimization methods")
   */
  quadratic(p: Float64Array, every = 1): Quadratic {
    const { size, outputs: K, levels: L, link, table } = this;
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    let value = this.#penalty(p);
    for (let l = 0; l < L; l++) {
      gradient[l] = this.strengths[l] * p[l];
      hessian[l * size + l] = this.strengths[l] > 0 ? this.strengths[l] : Number.MIN_VALUE;
    }
    const places = table.active.map((own, k) => Uint32Array.of(...own, L + k));
    const own = places.map((at) => new Float64Array(at.length ** 2));
    const z = new Float64Array(L + 1);
    const among = new Uint32Array(L + 1);
    const mean = new Float64Array(size);
    for (let i = 0; i < this.labels.length; i++) {
      const share = this.shares[i];
      if (share === 0) continue;
      value += share * this.#loss(i, p);
      const bends = i % every === 0;
      const weight = every * share;
      if (link === "softmax") mean.fill(0);
      for (let k = 0; k < K; k++) {
        const probability = this.#row[k];
        const at = places[k];
        const n = this.#nonzeros(i, k, z, among);
        const residual = share * (probability - this.#target(i, k));
        for (let a = 0; a < n; a++) gradient[at[among[a]]] += residual * z[a];
        if (!bends) continue;
        if (link === "softmax") {
          addSparseOuter(own[k], weight * probability, z, among, n, at.length);
          for (let a = 0; a < n; a++) mean[at[among[a]]] += probability * z[a];
        } else {
          addSparseOuter(own[k], weight * probability * (1 - probability), z, among, n, at.length);
        }
      }
      if (bends && link === "softmax") addOuter(hessian, -weight, mean);
    }
    own.forEach((block, k) => {
      scatter(block, places[k], hessian, size);
    });
    if (link === "softmax") this.#pin(hessian);
    for (let l = 0; l < size; l++) {
      if (l < L ? this.held : !this.fitIntercept) holdParameter(l, gradient, hessian);
    }
    return { value, gradient, hessian };
  }

  /** Softmax does not see a shift of all intercepts: curvature along it changes no step and makes the Hessian regular. */
  #pin(hessian: Float64Array): void {
    const { size, outputs, levels } = this;
    const z = new Float64Array(size).fill(1, levels);
    addOuter(hessian, 1 / outputs, z);
  }

  #penalty(p: Float64Array): number {
    return this.strengths.reduce((sum, strength, l) => sum + (strength / 2) * p[l] * p[l], 0);
  }

  /** The loss of row i; leaves its probabilities in the row's buffer. */
  #loss(i: number, p: Float64Array): number {
    const { outputs: K, levels: L, table } = this;
    const row = this.#row;
    for (let k = 0; k < K; k++) {
      const active = table.active[k];
      const from = i * table.stride + table.offsets[k];
      row[k] = p[L + k];
      for (let a = 0; a < active.length; a++) row[k] += p[active[a]] * table.values[from + a];
    }
    if (this.link === "softmax") {
      const own = row[this.labels[i]];
      return softmaxInPlace(row, 0, K) - own;
    }
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const margin = row[k];
      const e = Math.exp(-Math.abs(margin));
      const wrong = this.#target(i, k) === 1 ? -margin : margin;
      sum += Math.max(wrong, 0) + Math.log1p(e);
      row[k] = (margin >= 0 ? 1 : e) / (1 + e);
    }
    return sum;
  }

  #target(i: number, k: number): number {
    return this.labels[i] === (this.link === "binary" ? 1 : k) ? 1 : 0;
  }

  /** Writes what a row has of an output's parameters, and one for its intercept, without zeros; returns how many these are. */
  #nonzeros(i: number, k: number, z: Float64Array, among: Uint32Array): number {
    const { active, offsets, stride, values } = this.table;
    const from = i * stride + offsets[k];
    const count = active[k].length;
    let n = 0;
    for (let a = 0; a < count; a++) {
      const x = values[from + a];
      if (x === 0) continue;
      z[n] = x;
      among[n++] = a;
    }
    z[n] = 1;
    among[n] = count;
    return n + 1;
  }
}

function scatter(block: Float64Array, places: Uint32Array, hessian: Float64Array, size: number): void {
  const n = places.length;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) hessian[places[a] * size + places[b]] += block[a * n + b];
  }
}

function addOuter(hessian: Float64Array, factor: number, z: Float64Array): void {
  const n = z.length;
  for (let i = 0, from = 0; i < n; i++, from += n) {
    const f = factor * z[i];
    if (f === 0) continue;
    for (let j = 0; j <= i; j++) hessian[from + j] += f * z[j];
  }
}

/** Adds factor z z' to a table of `size` columns, z given by `n` numbers and their places, ascending. */
function addSparseOuter(
  table: Float64Array,
  factor: number,
  z: Float64Array,
  places: Uint32Array,
  n: number,
  size: number,
): void {
  for (let i = 0; i < n; i++) {
    const f = factor * z[i];
    const from = places[i] * size;
    for (let j = 0; j <= i; j++) table[from + places[j]] += f * z[j];
  }
}
