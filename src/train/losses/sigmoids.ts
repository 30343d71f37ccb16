import type { Design } from "../design";
import { RowPasses } from "../row-passes";
import type { Ascent } from "../solvers/ascent";
import { SigmoidsAscent } from "../solvers/sigmoids-ascent";
import { balanceOf, divergenceOf } from "./logistic";
import type { Loss, SeparateLosses } from "./loss";

/** The logistic losses of all classes, each against the others: one output each, none of which shares a parameter. */
export class SigmoidsLoss implements Loss, SeparateLosses {
  readonly name = "logistic";
  readonly outputs: number;
  readonly separate: SeparateLosses = this;
  readonly values: Float64Array;
  /** Each row's derivatives by its margins. */
  readonly residuals: Float64Array;
  /** Each row's second derivatives by its margins. */
  readonly curvatures: Float64Array;
  readonly #design: Design;
  readonly #table: Float64Array;
  readonly #losses: Float64Array;
  readonly #scratch: Float64Array;
  readonly #passes: RowPasses;
  /** For each output, what the residuals below and above zero are multiplied by, so that both sides sum to the same. */
  #factors: (readonly [number, number])[];

  /** @param classes the number of classes, each an output */
  constructor(design: Design, classes: number) {
    const { arena, rows } = design;
    this.#design = design;
    this.outputs = classes;
    this.values = new Float64Array(classes);
    this.residuals = arena.floats(rows * classes);
    this.curvatures = arena.floats(rows * classes);
    this.#table = arena.floats(rows * classes);
    this.#passes = new RowPasses(design, classes);
    this.#losses = arena.floats(this.#passes.blocks.length * classes);
    this.#scratch = arena.floats(this.#passes.blocks.length * classes);
    this.#factors = Array.from({ length: classes }, () => [1, 1]);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    const { labels, shares } = this.#design;
    const K = this.outputs;
    this.#passes.add("sigmoidsGradient", g, ({ from }, rows, target, index) => [
      ...rows,
      K,
      labels.byteOffset + 4 * from,
      shares.byteOffset + 8 * from,
      w.byteOffset,
      target,
      this.residuals.byteOffset + 8 * from * K,
      this.curvatures.byteOffset + 8 * from * K,
      this.#losses.byteOffset + 8 * index * K,
    ]);
    this.values.fill(0);
    this.#losses.forEach((loss, at) => {
      this.values[at % K] += loss;
    });
    return this.values.reduce((sum, value) => sum + value, 0);
  }

  product(v: Float64Array, out: Float64Array): void {
    const K = this.outputs;
    this.#passes.add("sigmoidsProduct", out, ({ from }, rows, target, index) => [
      ...rows,
      K,
      this.curvatures.byteOffset + 8 * from * K,
      v.byteOffset,
      target,
      this.#scratch.byteOffset + 8 * index * K,
    ]);
  }

  diagonal(out: Float64Array): void {
    this.#transposed("transposeSquareTimes", this.curvatures, out);
  }

  meanCurvatures(out: Float64Array): void {
    const K = this.outputs;
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let k = i * K; k < (i + 1) * K; k++) sum += this.curvatures[k];
      out[i] = sum / K;
    }
  }

  /** By products with one column after another, since no solver asks for it where there are many. */
  hessian(out: Float64Array): void {
    const { columns, arena } = this.#design;
    const K = this.outputs;
    const n = (columns + 1) * K;
    const mark = arena.mark();
    const v = this.#design.parameters(K);
    const product = this.#design.parameters(K);
    for (let c = 0; c <= columns; c++) {
      v.fill(0).fill(1, c * K, (c + 1) * K);
      this.product(v, product.fill(0));
      for (let i = c * K; i < n; i++) out[i * n + c * K + (i % K)] += product[i];
    }
    arena.rewind(mark);
  }

  reserve(): void {}

  correlate(out: Float64Array, balanced: boolean): void {
    const { residuals, outputs: K } = this;
    this.#factors = this.#factors.map((_, k) => (balanced ? balanceOf(residuals, k, K) : [1, 1]));
    for (let i = 0; i < residuals.length; i++) {
      this.#table[i] = residuals[i] * this.#factors[i % K][residuals[i] < 0 ? 0 : 1];
    }
    this.#transposed("transposeTimes", this.#table, out);
  }

  divergence(factor: number): number {
    const sums = new Float64Array(this.outputs);
    this.#diverge(factor, sums);
    return sums.reduce((sum, x) => sum + x, 0);
  }

  addDivergences(out: Float64Array): void {
    this.#diverge(1, out);
  }

  ascent(w: Float64Array, g: Float64Array, strength: number): Ascent | null {
    const design = this.#design;
    if (!SigmoidsAscent.pays(design, strength)) return null;
    const { residuals, curvatures } = this;
    return new SigmoidsAscent(design, strength, residuals, curvatures, w.slice(-this.outputs), g);
  }

  separates(): boolean {
    const { residuals, outputs: K } = this;
    const { shares } = this.#design;
    const apart = (k: number) =>
      shares.every((share, i) => share === 0 || Math.abs(residuals[i * K + k]) < 0.5 * share);
    return Array.from({ length: K }, (_, k) => k).some(apart);
  }

  #diverge(factor: number, out: Float64Array): void {
    const K = this.outputs;
    const { shares } = this.#design;
    for (let k = 0; k < K; k++) {
      const factors = this.#factors[k].map((side) => factor * side);
      if (factors[0] === 1 && factors[1] === 1) continue;
      for (let i = 0; i < shares.length; i++) {
        const r = this.residuals[i * K + k];
        const scaled = factors[r < 0 ? 0 : 1];
        if (scaled === 1 || r === 0) continue;
        const right = this.curvatures[i * K + k] / Math.abs(r);
        out[k] += shares[i] * divergenceOf(Math.abs(r) / shares[i], right, scaled);
      }
    }
  }

  #transposed(name: "transposeTimes" | "transposeSquareTimes", table: Float64Array, out: Float64Array): void {
    const K = this.outputs;
    this.#passes.add(name, out, ({ from }, rows, target) => [
      ...rows,
      K,
      table.byteOffset + 8 * from * K,
      target,
    ]);
  }
}
