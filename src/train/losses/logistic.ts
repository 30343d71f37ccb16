import { CrossProduct } from "../cross-product";
import type { Design } from "../design";
import { RowPasses } from "../row-passes";
import type { Curvature, CurvedLoss } from "./curved";

/** The logistic loss of one class against the others: mean of log(1 + exp(-m)) over its rows, of m over the rest. */
export class LogisticLoss implements CurvedLoss {
  readonly name = "logistic";
  readonly outputs = 1;
  /** Each row's derivative by its margin. */
  readonly residuals: Float64Array;
  /** Each row's second derivative by its margin. */
  readonly curvatures: Float64Array;
  /** The number of the class whose probability is modelled. */
  readonly positive: number;
  readonly #design: Design;
  readonly #dual: Float64Array;
  readonly #passes: RowPasses;
  /** What the residuals below and above zero are multiplied by, so that both sides sum to the same. */
  #factors: readonly [number, number] = [1, 1];
  #square: CrossProduct | undefined;

  /**
   * @param positive the number of the class whose probability is modelled
   * @param rows the loss whose point this one shares
   */
  constructor(design: Design, positive: number, rows?: LogisticLoss) {
    this.#design = design;
    this.positive = positive;
    this.residuals = rows?.residuals ?? design.arena.floats(design.rows);
    this.curvatures = rows?.curvatures ?? design.arena.floats(design.rows);
    this.#dual = rows === undefined ? design.arena.floats(design.rows) : rows.#dual;
    this.#passes = new RowPasses(design, 1);
  }

  within(design: Design): LogisticLoss {
    return new LogisticLoss(design, this.positive, this);
  }

  curvature(): Curvature {
    return { kind: "rows", residuals: this.residuals, curvatures: this.curvatures };
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { labels, shares } = this.#design;
    const { residuals, curvatures } = this;
    return this.#passes.add("logisticGradient", g, ({ from }, rows, target) => [
      ...rows,
      labels.byteOffset + 4 * from,
      this.positive,
      shares.byteOffset + 8 * from,
      w.byteOffset,
      target,
      residuals.byteOffset + 8 * from,
      curvatures.byteOffset + 8 * from,
    ]);
  }

  product(v: Float64Array, out: Float64Array): void {
    this.#passes.add("logisticProduct", out, ({ from }, rows, target) => [
      ...rows,
      this.curvatures.byteOffset + 8 * from,
      v.byteOffset,
      target,
    ]);
  }

  diagonal(out: Float64Array): void {
    this.#passes.add("transposeSquareTimes", out, ({ from }, rows, target) => [
      ...rows,
      1,
      this.curvatures.byteOffset + 8 * from,
      target,
    ]);
  }

  reserve(): void {
    this.#square = new CrossProduct(this.#design);
  }

  hessian(out: Float64Array): void {
    if (this.#square === undefined) this.reserve();
    this.#square!.add(this.curvatures, out);
  }

  correlate(out: Float64Array, balanced: boolean): void {
    const { residuals } = this;
    const dual = this.#dual;
    let below = 0;
    let above = 0;
    for (const r of residuals) {
      if (r < 0) below -= r;
      else above += r;
    }
    const least = Math.min(below, above);
    this.#factors = balanced && below !== above ? [least / below, least / above] : [1, 1];
    const [negative, positive] = this.#factors;
    for (let i = 0; i < dual.length; i++) dual[i] = residuals[i] * (residuals[i] < 0 ? negative : positive);
    this.#passes.add("transposeTimes", out, ({ from }, rows, target) => [
      ...rows,
      1,
      dual.byteOffset + 8 * from,
      target,
    ]);
  }

  divergence(factor: number): number {
    const { residuals, curvatures } = this;
    const { shares } = this.#design;
    const [negative, positive] = this.#factors;
    let sum = 0;
    for (let i = 0; i < residuals.length; i++) {
      const r = residuals[i];
      const scaled = factor * (r < 0 ? negative : positive);
      if (scaled === 1 || r === 0) continue;
      const wrong = Math.abs(r) / shares[i];
      const right = curvatures[i] / Math.abs(r);
      sum += shares[i] * divergenceOf(wrong, right, scaled);
    }
    return sum;
  }

  separates(): boolean {
    const { shares } = this.#design;
    return this.residuals.every((r, i) => shares[i] === 0 || Math.abs(r) < 0.5 * shares[i]);
  }
}

/** The divergence of the Bernoulli distribution of `factor * wrong` from that of `wrong`; `right` is 1 - wrong. */
function divergenceOf(wrong: number, right: number, factor: number): number {
  const scaled = factor * wrong;
  const first = scaled === 0 ? 0 : scaled * Math.log(factor);
  return Math.max(0, first + (1 - scaled) * Math.log1p(((1 - factor) * wrong) / right));
}
