import { addSoftmaxHessian, CrossProduct } from "../cross-product";
import type { Design } from "../design";
import type { Loss } from "./loss";

/** The multinomial loss: mean of -log(softmax(margins)[label]). */
export class SoftmaxLoss implements Loss {
  readonly name = "softmax";
  readonly outputs: number;
  readonly #design: Design;
  readonly #probabilities: Float64Array;
  readonly #table: Float64Array;
  readonly #scratch: Float64Array;
  #square: CrossProduct | undefined;

  /** @param classes the number of classes, each an output */
  constructor(design: Design, classes: number) {
    this.#design = design;
    this.outputs = classes;
    this.#probabilities = design.arena.floats(design.rows * classes);
    this.#table = design.arena.floats(design.rows * classes);
    this.#scratch = design.arena.floats(classes);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { kernels, matrix, labels, shares } = this.#design;
    return kernels.softmaxGradient(
      ...matrix,
      this.outputs,
      labels.byteOffset,
      shares.byteOffset,
      w.byteOffset,
      g.byteOffset,
      this.#probabilities.byteOffset,
      this.#scratch.byteOffset,
    );
  }

  product(v: Float64Array, out: Float64Array): void {
    const { kernels, matrix, shares } = this.#design;
    kernels.softmaxProduct(
      ...matrix,
      this.outputs,
      shares.byteOffset,
      this.#probabilities.byteOffset,
      v.byteOffset,
      out.byteOffset,
      this.#scratch.byteOffset,
    );
  }

  diagonal(out: Float64Array): void {
    const { kernels, matrix, shares, rows } = this.#design;
    const K = this.outputs;
    const p = this.#probabilities;
    for (let i = 0; i < rows; i++) {
      for (let k = i * K; k < (i + 1) * K; k++) this.#table[k] = shares[i] * p[k] * (1 - p[k]);
    }
    kernels.transposeSquareTimes(...matrix, K, this.#table.byteOffset, out.byteOffset);
  }

  hessian(out: Float64Array): void {
    this.#square ??= new CrossProduct(this.#design);
    const { shares } = this.#design;
    addSoftmaxHessian(this.#square, shares, this.#probabilities, this.outputs, out);
  }

  /**
   * Mixes the probabilities with one distribution u for all rows, q = (1 - e) p + e u, where e is the least with
   * which u can make the masses of the classes those of the labels.
   */
  dual(out: Float64Array, balanced: boolean): number {
    const { kernels, matrix, labels, shares, rows } = this.#design;
    const K = this.outputs;
    const p = this.#probabilities;
    const { mix, share } = balanced ? this.#mixture() : { mix: null, share: 0 };
    let divergence = 0;
    for (let i = 0; i < rows; i++) {
      let others = 0;
      for (let k = 0; k < K; k++) {
        const at = i * K + k;
        const extra = mix === null ? 0 : mix[k] - share * p[at];
        const q = p[at] + extra;
        if (extra !== 0 && shares[i] > 0 && q > 0) divergence += shares[i] * q * Math.log1p(extra / p[at]);
        this.#table[at] = shares[i] * q;
        if (k !== labels[i]) others += q;
      }
      this.#table[i * K + labels[i]] = -shares[i] * others;
    }
    kernels.transposeTimes(...matrix, K, this.#table.byteOffset, out.byteOffset);
    return Math.max(0, divergence);
  }

  separates(): boolean {
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    for (let i = 0; i < rows; i++) {
      const own = this.#probabilities[i * K + labels[i]];
      for (let k = 0; k < K; k++) {
        if (shares[i] > 0 && k !== labels[i] && this.#probabilities[i * K + k] >= own) return false;
      }
    }
    return true;
  }

  /** e and e u: what the masses lack once the probabilities are scaled down to fit beneath them. */
  #mixture(): { mix: Float64Array | null; share: number } {
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    const wanted = new Float64Array(K);
    const mass = new Float64Array(K);
    for (let i = 0; i < rows; i++) {
      wanted[labels[i]] += shares[i];
      for (let k = 0; k < K; k++) mass[k] += shares[i] * this.#probabilities[i * K + k];
    }
    let share = 0;
    for (let k = 0; k < K; k++) share = Math.max(share, 1 - wanted[k] / mass[k]);
    if (share === 0) return { mix: null, share };
    return { mix: wanted.map((n, k) => Math.max(0, n - (1 - share) * mass[k])), share };
  }
}
