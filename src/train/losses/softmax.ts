import { addSoftmaxHessian, CrossProduct } from "../cross-product";
import type { Design } from "../design";
import { RowPasses } from "../row-passes";
import type { Curvature, CurvedLoss } from "./curved";
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
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    this.#balance = balanced ? this.#balanced() : null;
    for (let i = 0; i < rows; i++) {
      let others = 0;
      for (let k = 0; k < K; k++) {
        const q = this.probabilities[i * K + k] + this.#extra(i, k);
        this.#table[i * K + k] = shares[i] * q;
        if (k !== labels[i]) others += q;
      }
      this.#table[i * K + labels[i]] = -shares[i] * others;
    }
    this.#transposed("transposeTimes", out);
  }

  /** `factor` times the dual point is that of the mixture of `factor` times q and the rest on the label. */
  divergence(factor: number): number {
    if (factor === 1 && this.#balance === null) return 0;
    const { labels, shares, rows } = this.#design;
    const K = this.outputs;
    const p = this.probabilities;
    const log = Math.log(factor);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      if (!(shares[i] > 0)) continue;
      const own = labels[i];
      let row = 0;
      let others = 0;
      let moved = 0;
      for (let k = 0; k < K; k++) {
        if (k === own) continue;
        const extra = this.#extra(i, k);
        const q = p[i * K + k] + extra;
        others += q;
        moved += extra;
        if (q > 0 && factor > 0) row += factor * q * (log + Math.log1p(extra / p[i * K + k]));
      }
      const added = (1 - factor) * others - moved;
      const left = p[i * K + own] + added;
      if (left > 0) row += left * Math.log1p(added / p[i * K + own]);
      sum += shares[i] * row;
    }
    return Math.max(0, sum);
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

  /** What the dual point has more than a row's probability. */
  #extra(i: number, k: number): number {
    const balance = this.#balance;
    if (balance === null) return 0;
    const { tilt, logs, share, mix } = balance;
    const x = tilt[k] - logs[i];
    return mix[k] + this.probabilities[i * this.outputs + k] * (Math.expm1(x) - share * Math.exp(x));
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
    let share = 0;
    for (let k = 0; k < K; k++) share = Math.max(share, 1 - wanted[k] / mass[k]);
    if (share === 0 && tilt.tilt.every((x) => x === 0)) return null;
    return { ...tilt, mix: wanted.map((n, k) => Math.max(0, n - (1 - share) * mass[k])), share };
  }
}

/** A tilt, and e and e u of the mixture. */
interface Balance extends Tilt {
  readonly mix: Float64Array;
  readonly share: number;
}
