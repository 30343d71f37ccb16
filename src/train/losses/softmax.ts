import { addSoftmaxHessian, CrossProduct } from "../cross-product";
import type { Design } from "../design";
import { RowPasses } from "../row-passes";
import type { Curvature, CurvedLoss } from "./curved";
import { type Mixture, mixedDivergence, mixedRows, mixtureOf, type SoftmaxRows } from "./mixture";

/** The multinomial loss: mean of -log(softmax(margins)[label]). */
export class SoftmaxLoss implements CurvedLoss {
  readonly name = "softmax";
  readonly outputs: number;
  /** Each row's probability of each class. */
  readonly probabilities: Float64Array;
  readonly #design: Design;
  readonly #table: Float64Array;
  readonly #scratch: Float64Array;
  readonly #passes: RowPasses;
  #mixture: Mixture | null = null;
  #square: CrossProduct | undefined;

  /**
   * @param classes the number of classes, each an output
   * @param rows the loss whose point this one shares
   */
  constructor(design: Design, classes: number, rows?: SoftmaxLoss) {
    this.#design = design;
    this.outputs = classes;
    this.probabilities = rows?.probabilities ?? design.arena.floats(design.rows * classes);
    this.#table = rows === undefined ? design.arena.floats(design.rows * classes) : rows.#table;
    this.#passes = new RowPasses(design, classes);
    this.#scratch = design.arena.floats(this.#passes.blocks.length * classes);
  }

  within(design: Design): SoftmaxLoss {
    return new SoftmaxLoss(design, this.outputs, this);
  }

  curvature(): Curvature {
    return { kind: "classes", shares: this.#design.shares, probabilities: this.probabilities };
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { labels, shares } = this.#design;
    const K = this.outputs;
    return this.#passes.add("softmaxGradient", g, ({ from }, rows, target, index) => [
      ...rows,
      K,
      labels.byteOffset + 4 * from,
      shares.byteOffset + 8 * from,
      w.byteOffset,
      target,
      this.probabilities.byteOffset + 8 * from * K,
      this.#scratch.byteOffset + 8 * index * K,
    ]);
  }

  product(v: Float64Array, out: Float64Array): void {
    const { shares } = this.#design;
    const K = this.outputs;
    this.#passes.add("softmaxProduct", out, ({ from }, rows, target, index) => [
      ...rows,
      K,
      shares.byteOffset + 8 * from,
      this.probabilities.byteOffset + 8 * from * K,
      v.byteOffset,
      target,
      this.#scratch.byteOffset + 8 * index * K,
    ]);
  }

  diagonal(out: Float64Array): void {
    const { shares, rows } = this.#design;
    const K = this.outputs;
    const p = this.probabilities;
    for (let i = 0; i < rows; i++) {
      for (let k = i * K; k < (i + 1) * K; k++) this.#table[k] = shares[i] * p[k] * (1 - p[k]);
    }
    this.#transposed("transposeSquareTimes", out);
  }

  reserve(): void {
    this.#square = new CrossProduct(this.#design);
    this.#square.h.fill(0);
    this.#square.block.fill(0);
  }

  hessian(out: Float64Array): void {
    if (this.#square === undefined) this.reserve();
    const { shares } = this.#design;
    addSoftmaxHessian(this.#square!, shares, this.probabilities, this.outputs, out);
  }

  correlate(out: Float64Array, balanced: boolean): void {
    this.#mixture = balanced ? this.#mixtureOf() : null;
    mixedRows(this.#rows(), this.#mixture, this.#table);
    this.#transposed("transposeTimes", out);
  }

  divergence(factor: number): number {
    return factor === 1 && this.#mixture === null ? 0 : mixedDivergence(this.#rows(), this.#mixture, factor);
  }

  separates(): boolean {
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    for (let i = 0; i < rows; i++) {
      const own = this.probabilities[i * K + labels[i]];
      for (let k = 0; k < K; k++) {
        if (shares[i] > 0 && k !== labels[i] && this.probabilities[i * K + k] >= own) return false;
      }
    }
    return true;
  }

  #transposed(name: "transposeTimes" | "transposeSquareTimes", out: Float64Array): void {
    const K = this.outputs;
    const table = this.#table.byteOffset;
    this.#passes.add(name, out, ({ from }, rows, target) => [...rows, K, table + 8 * from * K, target]);
  }

  #rows(): SoftmaxRows {
    const { labels, shares, rows } = this.#design;
    return { rows, outputs: this.outputs, labels, shares, probabilities: this.probabilities };
  }

  #mixtureOf(): Mixture | null {
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    const wanted = new Float64Array(K);
    const mass = new Float64Array(K);
    for (let i = 0; i < rows; i++) {
      wanted[labels[i]] += shares[i];
      for (let k = 0; k < K; k++) mass[k] += shares[i] * this.probabilities[i * K + k];
    }
    return mixtureOf(wanted, mass);
  }
}
