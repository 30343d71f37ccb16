import type { Loss } from "../train/losses/loss";
import type { BlockPasses } from "./block-passes";

/** The logistic loss of one class against the others over rows on disk; residuals and curvatures are kept there, too. */
export class PackedLogistic implements Loss {
  readonly name = "logistic";
  readonly outputs = 1;
  readonly #passes: BlockPasses;
  readonly #positive: number;
  /** Sums over residuals below and above zero, see `Kernels.logisticSides`. */
  readonly #sides: Float64Array;
  #factors: readonly [number, number] = [1, 1];
  #separates = false;

  /** @param passes that keep two numbers a row */
  constructor(passes: BlockPasses, positive: number) {
    this.#passes = passes;
    this.#positive = positive;
    this.#sides = passes.design.arena.floats(4);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { kernels } = this.#passes.design;
    this.#sides.fill(0);
    this.#separates = true;
    return this.#passes.add(
      "logisticGradient",
      g,
      "write",
      ({ matrix, labels, shares, kept, rows }, target) => [
        ...matrix,
        labels.byteOffset,
        this.#positive,
        shares.byteOffset,
        w.byteOffset,
        target,
        kept.byteOffset,
        kept.byteOffset + 8 * rows,
      ],
      ({ rows, shares, kept }) => {
        const at = kept.byteOffset;
        kernels.logisticSides(rows, shares.byteOffset, at, at + 8 * rows, this.#sides.byteOffset);
        for (let i = 0; this.#separates && i < rows; i++) {
          if (shares[i] > 0 && Math.abs(kept[i]) >= 0.5 * shares[i]) this.#separates = false;
        }
      },
    );
  }

  product(v: Float64Array, out: Float64Array): void {
    this.#passes.add("logisticProduct", out, "read", ({ matrix, rows, kept }, target) => [
      ...matrix,
      kept.byteOffset + 8 * rows,
      v.byteOffset,
      target,
    ]);
  }

  diagonal(out: Float64Array): void {
    this.#passes.add("transposeSquareTimes", out, "read", ({ matrix, rows, kept }, target) => [
      ...matrix,
      1,
      kept.byteOffset + 8 * rows,
      target,
    ]);
  }

  /** Not for Newton's method on disk, whose steps are products. */
  hessian(): void {}

  reserve(): void {}

  correlate(out: Float64Array, balanced: boolean): void {
    const [low, , high] = this.#sides;
    const least = Math.min(low, high);
    this.#factors = balanced && low !== high ? [least / low, least / high] : [1, 1];
    const [below, above] = this.#factors;
    this.#passes.add("logisticCorrelate", out, "read", ({ matrix, kept }, target) => [
      ...matrix,
      kept.byteOffset,
      below,
      above,
      target,
    ]);
  }

  divergence(factor: number): number {
    const [below, above] = this.#factors.map((side) => factor * side);
    if (below === 1 && above === 1) return 0;
    const { team } = this.#passes.design;
    let sum = 0;
    this.#passes.each("read", (batch) => {
      sum += team.run("logisticDivergence", batch.length, (slot) => {
        const { rows, shares, kept } = batch[slot];
        const at = kept.byteOffset;
        return [rows, shares.byteOffset, at, at + 8 * rows, below, above];
      });
    });
    return sum;
  }

  separates(): boolean {
    return this.#separates;
  }
}
