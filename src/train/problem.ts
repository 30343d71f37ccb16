import { borderedFactor } from "./bordered/factor";
import type { Design } from "./design";
import type { CurvedLoss } from "./losses/curved";
import type { Loss } from "./losses/loss";
import type { Penalty } from "./penalties/penalty";
import { RowPasses } from "./row-passes";
import { strideFrom } from "./row-sample";
import { SharedFactor, sharedFactorPays } from "./shared-factor";
import type { Ascent } from "./solvers/ascent";
import type { DenseSmooth, Pairs } from "./solvers/dense";
import type { Factored } from "./solvers/metric";
import type { Parted } from "./solvers/parted";
import type { Look, Points } from "./solvers/trials";

function isCurved(loss: Loss): loss is CurvedLoss {
  return "curvature" in loss;
}

/** The objective of a fit: a loss plus a penalty, over the parameters that may vary. */
export class Problem implements DenseSmooth, Parted {
  readonly parts: number;
  readonly #design: Design;
  readonly #loss: Loss;
  readonly #penalty: Penalty;
  readonly #frozen: Uint8Array | null;
  readonly #correlations: Float64Array;
  readonly #values: Float64Array;

  /** @param frozen 1 for each parameter, intercepts included, that keeps its value of zero; `null` for none */
  constructor(design: Design, loss: Loss, penalty: Penalty, frozen: Uint8Array | null) {
    this.#design = design;
    this.#loss = loss;
    this.#penalty = penalty;
    this.#frozen = frozen;
    this.#correlations = this.vector();
    this.parts = loss.separate === undefined ? 1 : loss.outputs;
    this.#values = new Float64Array(this.parts);
  }

  vector(): Float64Array {
    return this.#design.parameters(this.#loss.outputs);
  }

  gradient(w: Float64Array, g: Float64Array): number {
    return this.#withPenalty(w, g, this.#loss.gradient(w, g.fill(0)));
  }

  get rough(): boolean {
    return this.#loss.roughGradient !== undefined;
  }

  roughGradient(w: Float64Array, g: Float64Array): number {
    return this.#withPenalty(w, g, this.#loss.roughGradient!(w, g.fill(0)));
  }

  look(points: Points): Look | null {
    const { strengths } = this.#penalty;
    const { arena } = this.#design;
    if (this.#frozen !== null || strengths == null || this.#loss.look === undefined) return null;
    const inMemory = strengths.buffer instanceof SharedArrayBuffer;
    return this.#loss.look(points, () => (inMemory ? strengths : arena.copy(strengths)).byteOffset);
  }

  factored(): Factored | null {
    const loss = this.#loss;
    if (this.#frozen !== null || !isCurved(loss)) return null;
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") return null;
    return borderedFactor(this.#design, {
      curvatures: curvature.curvatures,
      addDiagonal: (out) => this.#penalty.diagonal(out),
    });
  }

  shared(): Factored | null {
    const loss = this.#loss;
    const { rows, columns, nonzeros } = this.#design;
    if (loss.meanCurvatures === undefined) return null;
    if (!sharedFactorPays({ rows, columns, nonzeros }, loss.outputs)) return null;
    const factor = new SharedFactor(this.#design, loss.outputs, {
      meanCurvatures: (out) => loss.meanCurvatures!(out),
      addDiagonal: (out) => this.#penalty.diagonal(out),
    });
    return this.#frozen === null ? factor : new FreeFactor(factor, (r) => this.#freeze(r, 0));
  }

  ascent(w: Float64Array, g: Float64Array): Ascent | null {
    const { separate } = this.#loss;
    const { strength } = this.#penalty;
    const weights = w.length - this.#loss.outputs;
    if (separate === undefined || strength === null || this.#frozen !== null) return null;
    for (let j = 0; j < weights; j++) if (w[j] !== 0) return null;
    return separate.ascent(w, g, strength);
  }

  commonDiagonal(out: Float64Array): void {
    const loss = this.#loss;
    const { rows, columns, nonzeros, arena } = this.#design;
    const shared =
      loss.meanCurvatures !== undefined && sharedFactorPays({ rows, columns, nonzeros }, loss.outputs);
    if (!shared) {
      this.diagonal(out);
      return;
    }
    this.within(() => {
      const h = arena.floats(rows);
      loss.meanCurvatures!(h);
      const sums = this.#design.parameters(1);
      new RowPasses(this.#design, 1).add("transposeSquareTimes", sums, ({ from }, matrix, target) => [
        ...matrix,
        1,
        h.byteOffset + 8 * from,
        target,
      ]);
      const K = loss.outputs;
      for (let j = 0; j < out.length; j++) out[j] = sums[Math.floor(j / K)];
    });
    this.#penalty.diagonal(out);
    this.#freeze(out, 1);
    for (let j = 0; j < out.length; j++) if (!(out[j] > 0)) out[j] = 1;
  }

  within<T>(work: () => T): T {
    const { arena } = this.#design;
    const mark = arena.mark();
    try {
      return work();
    } finally {
      arena.rewind(mark);
    }
  }

  scalars(): Float64Array {
    return this.#design.arena.floats(this.parts);
  }

  values(out: Float64Array): void {
    out.set(this.#values);
  }

  product(v: Float64Array, out: Float64Array): void {
    out.fill(0);
    this.#loss.product(v, out);
    this.#penalty.product(v, out);
    this.#freeze(out, 0);
  }

  diagonal(out: Float64Array): void {
    out.fill(0);
    this.#loss.diagonal(out);
    this.#penalty.diagonal(out);
    this.#freeze(out, 1);
    for (let j = 0; j < out.length; j++) if (!(out[j] > 0)) out[j] = 1;
  }

  square(): Float64Array {
    return this.#design.arena.floats(this.#correlations.length ** 2);
  }

  room(length: number): Float64Array {
    return this.#design.arena.scratch(length);
  }

  stride(w: Float64Array): number {
    const { rows, columns } = this.#design;
    if (this.#loss.roughHessian === undefined) return 1;
    return strideFrom(w.subarray(0, columns * this.#loss.outputs), rows, columns);
  }

  hessian(H: Float64Array, rough: boolean, stride: number = 1): void {
    const n = this.#correlations.length;
    H.fill(0);
    if (rough && this.#loss.roughHessian !== undefined) this.#loss.roughHessian(H, stride);
    else this.#loss.hessian(H);
    this.#penalty.diagonal(this.#correlations.fill(0));
    for (let j = 0; j < n; j++) H[j * n + j] += this.#correlations[j];
    const frozen = this.#frozen;
    for (let i = 0; i < n; i++) {
      for (let j = 0; frozen !== null && j < i; j++) if (frozen[i] + frozen[j] > 0) H[i * n + j] = 0;
      if (frozen?.[i] === 1 || !(H[i * n + i] > 0)) H[i * n + i] = 1;
    }
  }

  factor(H: Float64Array, units: Float64Array, diagonal: number, L: Float64Array, floor: number): boolean {
    const n = units.length;
    const { kernels } = this.#design;
    return kernels.scaledCholesky(n, H.byteOffset, units.byteOffset, diagonal, L.byteOffset, floor) === n;
  }

  step(
    L: Float64Array,
    units: Float64Array,
    { count, pairs }: Pairs,
    g: Float64Array,
    p: Float64Array,
  ): number {
    const [a, b, c, d, e] = [L, units, pairs, g, p].map((view) => view.byteOffset);
    return this.#design.kernels.quasiStep(units.length, a, b, count, c, d, e);
  }

  leastGap(g: Float64Array): number {
    return this.#penalty.leastGap(g, this.#frozen);
  }

  leastGaps(g: Float64Array, out: Float64Array): void {
    this.#penalty.addLeastGaps(g, this.#frozen, out.fill(0));
  }

  /**
   * The gap is a sum of Fenchel-Young divergences, none negative, so it keeps its digits down to zero: that of the
   * loss at each row, and that of the penalty at each weight.
   */
  gap(w: Float64Array, g: Float64Array, enough: number = 0): number {
    if (Number.isNaN(this.leastGap(g))) return Number.NaN;
    const weights = this.#penalty.divergence(w, this.#correlate(), this.#frozen);
    return weights + this.#loss.divergence(1, Math.max(0, enough - weights));
  }

  gaps(w: Float64Array, g: Float64Array, out: Float64Array): void {
    this.leastGaps(g, out);
    if (Number.isNaN(out[0])) return;
    out.fill(0);
    this.#penalty.addDivergences(w, this.#correlate(), this.#frozen, out);
    if (this.#loss.separate === undefined) out[0] += this.#loss.divergence(1);
    else this.#loss.separate.addDivergences(out);
  }

  dot(x: Float64Array, y: Float64Array): number {
    return this.#design.kernels.dot(x.length, x.byteOffset, y.byteOffset);
  }

  axpy(a: number, x: Float64Array, y: Float64Array): void {
    this.#design.kernels.axpy(x.length, a, x.byteOffset, y.byteOffset);
  }

  dots(x: Float64Array, y: Float64Array, out: Float64Array): void {
    const { kernels } = this.#design;
    kernels.partDots(x.length / this.parts, this.parts, x.byteOffset, y.byteOffset, out.byteOffset);
  }

  squares(m: Float64Array, x: Float64Array, out: Float64Array): void {
    const { kernels } = this.#design;
    kernels.partSquares(x.length / this.parts, this.parts, m.byteOffset, x.byteOffset, out.byteOffset);
  }

  axpys(a: Float64Array, x: Float64Array, y: Float64Array): void {
    const { kernels } = this.#design;
    kernels.partAxpy(x.length / this.parts, this.parts, a.byteOffset, x.byteOffset, y.byteOffset);
  }

  turn(b: Float64Array, m: Float64Array, r: Float64Array, d: Float64Array): void {
    const [bb, mm, rr, dd] = [b, m, r, d].map((view) => view.byteOffset);
    this.#design.kernels.partTurn(d.length / this.parts, this.parts, bb, mm, rr, dd);
  }

  /** Adds the penalty's gradient and value to those of the loss. */
  #withPenalty(w: Float64Array, g: Float64Array, loss: number): number {
    this.#penalty.gradient(w, g);
    this.#freeze(g, 0);
    const values = this.#values;
    values.set(this.#loss.separate?.values ?? [loss]);
    this.#penalty.addValues(w, values);
    return values.reduce((sum, value) => sum + value, 0);
  }

  #correlate(): Float64Array {
    const sum = this.#correlations.fill(0);
    const free = this.#frozen === null || this.#frozen[this.#frozen.length - 1] === 0;
    this.#loss.correlate(sum, free);
    return sum;
  }

  #freeze(values: Float64Array, value: number): void {
    const frozen = this.#frozen;
    if (frozen === null) return;
    for (let j = 0; j < frozen.length; j++) if (frozen[j] === 1) values[j] = value;
  }
}

/** A factor whose solutions are projected on the parameters that vary. */
class FreeFactor implements Factored {
  readonly passes: number;
  readonly #factor: Factored;
  readonly #project: (r: Float64Array) => void;

  constructor(factor: Factored, project: (r: Float64Array) => void) {
    this.passes = factor.passes;
    this.#factor = factor;
    this.#project = project;
  }

  update(): boolean {
    return this.#factor.update();
  }

  solve(r: Float64Array, out: Float64Array): void {
    this.#factor.solve(r, out);
    this.#project(out);
  }
}
