import { CrossProduct } from "../cross-product";
import type { Design } from "../design";
import type { Loss } from "./loss";

/** The logistic loss of one class against the others: mean of log(1 + exp(-m)) over its rows, of m over the rest. */
export class LogisticLoss implements Loss {
  readonly name = "logistic";
  readonly outputs = 1;
  readonly #design: Design;
  readonly #positive: number;
  readonly #residuals: Float64Array;
  readonly #curvatures: Float64Array;
  readonly #dual: Float64Array;
  #square: CrossProduct | undefined;

  /** @param positive the number of the class whose probability is modelled */
  constructor(design: Design, positive: number) {
    this.#design = design;
    this.#positive = positive;
    this.#residuals = design.arena.floats(design.rows);
    this.#curvatures = design.arena.floats(design.rows);
    this.#dual = design.arena.floats(design.rows);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { kernels, matrix, labels, shares } = this.#design;
    return kernels.logisticGradient(
      ...matrix,
      labels.byteOffset,
      this.#positive,
      shares.byteOffset,
      w.byteOffset,
      g.byteOffset,
      this.#residuals.byteOffset,
      this.#curvatures.byteOffset,
    );
  }

  product(v: Float64Array, out: Float64Array): void {
    const { kernels, matrix } = this.#design;
    kernels.logisticProduct(...matrix, this.#curvatures.byteOffset, v.byteOffset, out.byteOffset);
  }

  diagonal(out: Float64Array): void {
    const { kernels, matrix } = this.#design;
    kernels.transposeSquareTimes(...matrix, 1, this.#curvatures.byteOffset, out.byteOffset);
  }

  hessian(out: Float64Array): void {
    this.#square ??= new CrossProduct(this.#design);
    this.#square.add(this.#curvatures, out);
  }

  /** Scales down the residuals of the side whose sum is the greater, so that both sides sum to the same. */
  dual(out: Float64Array, balanced: boolean): number {
    const { kernels, matrix, shares } = this.#design;
    const residuals = this.#residuals;
    const dual = this.#dual;
    let below = 0;
    let above = 0;
    for (const r of residuals) {
      if (r < 0) below -= r;
      else above += r;
    }
    const factor = balanced && below !== above ? Math.min(below, above) / Math.max(below, above) : 1;
    const sign = below > above ? -1 : 1;
    let divergence = 0;
    for (let i = 0; i < dual.length; i++) {
      dual[i] = residuals[i];
      if (factor === 1 || residuals[i] * sign <= 0) continue;
      dual[i] *= factor;
      const wrong = Math.abs(residuals[i]) / shares[i];
      const right = this.#curvatures[i] / Math.abs(residuals[i]);
      divergence += shares[i] * divergenceOf(wrong, right, factor);
    }
    kernels.transposeTimes(...matrix, 1, dual.byteOffset, out.byteOffset);
    return divergence;
  }

  separates(): boolean {
    const { shares } = this.#design;
    return this.#residuals.every((r, i) => shares[i] === 0 || Math.abs(r) < 0.5 * shares[i]);
  }
}

/** The divergence of the Bernoulli distribution of `factor * wrong` from that of `wrong`; `right` is 1 - wrong. */
function divergenceOf(wrong: number, right: number, factor: number): number {
  const scaled = factor * wrong;
  const first = scaled === 0 ? 0 : scaled * Math.log(factor);
  return Math.max(0, first + (1 - scaled) * Math.log1p(((1 - factor) * wrong) / right));
}
