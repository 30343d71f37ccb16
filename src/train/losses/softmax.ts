import { addSoftmaxHessian, CrossProduct } from "../cross-product";
import type { Design } from "../design";
import { RowPasses } from "../row-passes";
import type { Curvature, CurvedLoss } from "./curved";
import { type Extra, type Mixture, mixedDivergence, mixedRows, mixtureOf, type SoftmaxRows } from "./mixture";
import { type Tilt, tiltTo } from "./tilt";

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
  /** What {@link correlate} does to the probabilities. */
  #balance: Balance | null = null;
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
    this.#scratch = design.arena.floats(this.#passes.blocks.length * 2 * classes);
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
      this.#scratch.byteOffset + 16 * index * K,
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
      this.#scratch.byteOffset + 16 * index * K,
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

  meanCurvatures(out: Float64Array): void {
    const { shares, rows } = this.#design;
    const K = this.outputs;
    const p = this.probabilities;
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let k = i * K; k < (i + 1) * K; k++) sum += p[k] * (1 - p[k]);
      out[i] = (shares[i] * sum) / K;
    }
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

  /**
   * Tilts the probabilities by factors of the classes, p' = p exp(tilt) / sum, by which their masses come to those of the
   * labels, and mixes what is left to be missing with one distribution u for all rows, q = (1 - e) p' + e u.
   */
  correlate(out: Float64Array, balanced: boolean): void {
    this.#balance = balanced ? this.#balanced() : null;
    mixedRows(this.#rows(), this.#extra(), this.#table);
    this.#transposed("transposeTimes", out);
  }

  /** `factor` times the dual point is that of the mixture of `factor` times q and the rest on the label. */
  divergence(factor: number): number {
    if (factor === 1 && this.#balance === null) return 0;
    return mixedDivergence(this.#rows(), this.#extra(), factor);
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

  #extra(): Extra | null {
    const balance = this.#balance;
    if (balance === null) return null;
    const { tilt, logs, share, mix } = balance;
    const [p, K] = [this.probabilities, this.outputs];
    return (i, k) => {
      const x = tilt[k] - logs[i];
      return mix[k] + p[i * K + k] * (Math.expm1(x) - share * Math.exp(x));
    };
  }

  /** What brings the masses to those of the labels; `null` where nothing is missing. */
  #balanced(): Balance | null {
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    const wanted = new Float64Array(K);
    for (let i = 0; i < rows; i++) wanted[labels[i]] += shares[i];
    const tilt = tiltTo(wanted, shares, this.probabilities);
    const mass = new Float64Array(K);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < K; k++) {
        const q = this.probabilities[i * K + k] * Math.exp(tilt.tilt[k] - tilt.logs[i]);
        mass[k] += shares[i] * q;
      }
    }
    const mixture = mixtureOf(wanted, mass);
    if (mixture === null && tilt.tilt.every((x) => x === 0)) return null;
    return { ...tilt, ...(mixture ?? { mix: new Float64Array(K), share: 0 }) };
  }
}

/** A tilt, and e and e u of the mixture. */
interface Balance extends Tilt, Mixture {}
