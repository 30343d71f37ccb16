import type { Loss } from "../train/losses/loss";
import {
  extraOf,
  type Mixture,
  mixedDivergence,
  mixedRows,
  mixtureOf,
  type SoftmaxRows,
} from "../train/losses/mixture";
import type { BlockPasses, LoadedBlock } from "./block-passes";

/** The multinomial loss over rows on disk, where the rows' probabilities are kept, too. */
export class PackedSoftmax implements Loss {
  readonly name = "softmax";
  readonly outputs: number;
  readonly #passes: BlockPasses;
  /** The masses of the labels and of the probabilities. */
  readonly #wanted: Float64Array;
  readonly #mass: Float64Array;
  readonly #scratch: Float64Array;
  readonly #table: Float64Array;
  #mixture: Mixture | null = null;
  #separates = false;

  /** @param passes that keep a number for each row and class */
  constructor(passes: BlockPasses) {
    const { arena } = passes.design;
    const K = passes.width;
    this.outputs = K;
    this.#passes = passes;
    this.#wanted = arena.floats(K);
    this.#mass = arena.floats(K);
    this.#scratch = arena.floats(2 * K * passes.slots);
    this.#table = arena.floats(K * passes.packed.mostRows);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const K = this.outputs;
    this.#wanted.fill(0);
    this.#mass.fill(0);
    this.#separates = true;
    return this.#passes.add(
      "softmaxGradient",
      g,
      "write",
      ({ matrix, labels, shares, kept }, target, slot) => [
        ...[...matrix, K, labels.byteOffset, shares.byteOffset, w.byteOffset, target, kept.byteOffset],
        this.#scratch.byteOffset + 16 * slot * K,
      ],
      (block) => this.#look(block),
    );
  }

  product(v: Float64Array, out: Float64Array): void {
    const K = this.outputs;
    this.#passes.add("softmaxProduct", out, "read", ({ matrix, shares, kept }, target, slot) => [
      ...[...matrix, K, shares.byteOffset, kept.byteOffset, v.byteOffset, target],
      this.#scratch.byteOffset + 16 * slot * K,
    ]);
  }

  diagonal(out: Float64Array): void {
    const K = this.outputs;
    this.#transposed("transposeSquareTimes", out, ({ rows, shares, kept }) => {
      for (let at = 0; at < rows * K; at++) {
        this.#table[at] = shares[Math.floor(at / K)] * kept[at] * (1 - kept[at]);
      }
    });
  }

  /** Not for Newton's method on disk, whose steps are products. */
  hessian(): void {}

  reserve(): void {}

  correlate(out: Float64Array, balanced: boolean): void {
    this.#mixture = balanced ? mixtureOf(this.#wanted, this.#mass) : null;
    this.#transposed("transposeTimes", out, (block) => {
      const rows = this.#rows(block);
      mixedRows(rows, extraOf(this.#mixture, rows), this.#table);
    });
  }

  divergence(factor: number): number {
    if (factor === 1 && this.#mixture === null) return 0;
    let sum = 0;
    this.#passes.each("read", (batch) => {
      for (const block of batch) {
        const rows = this.#rows(block);
        sum += mixedDivergence(rows, extraOf(this.#mixture, rows), factor);
      }
    });
    return sum;
  }

  separates(): boolean {
    return this.#separates;
  }

  #look({ rows, labels, shares, kept }: LoadedBlock): void {
    const K = this.outputs;
    for (let i = 0; i < rows; i++) {
      const own = kept[i * K + labels[i]];
      this.#wanted[labels[i]] += shares[i];
      for (let k = 0; k < K; k++) {
        this.#mass[k] += shares[i] * kept[i * K + k];
        if (shares[i] > 0 && k !== labels[i] && kept[i * K + k] >= own) this.#separates = false;
      }
    }
  }

  #rows({ rows, labels, shares, kept }: LoadedBlock): SoftmaxRows {
    return { rows, outputs: this.outputs, labels, shares, probabilities: kept };
  }

  /** Adds X' of a table of the rows, or of X squared, which `fill` writes for each block. */
  #transposed(
    name: "transposeTimes" | "transposeSquareTimes",
    out: Float64Array,
    fill: (block: LoadedBlock) => void,
  ): void {
    const { design } = this.#passes;
    design.passes++;
    this.#passes.each("read", (batch) => {
      for (const block of batch) {
        fill(block);
        design.kernels[name](...block.matrix, this.outputs, this.#table.byteOffset, out.byteOffset);
      }
    });
  }
}
