import type { Block } from "../blocks";
import { CrossProduct } from "../cross-product";
import type { Design, MatrixArguments } from "../design";
import { RowPasses } from "../row-passes";
import type { Look, Points } from "../solvers/trials";
import type { Curvature, CurvedLoss, DualPoint } from "./curved";
import { logisticLook } from "./logistic-look";

/** Where a loss is: what losses on other columns of the same rows share. */
export interface Point {
  readonly residuals: Float64Array;
  readonly curvatures: Float64Array;
  /** For residuals below zero, then for those above: the sums of |r| and of |r|^3 / (s h); `null` where not summed. */
  sides: readonly [number, number, number, number] | null;
}

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
  readonly #point: Point;
  /** The sums of {@link Point.sides} of each block of rows. */
  readonly #sides: Float64Array;
  readonly #passes: RowPasses;
  /** What the residuals below and above zero are multiplied by, so that both sides sum to the same. */
  #factors: readonly [number, number] = [1, 1];
  #square: CrossProduct | undefined;
  #scratch: readonly Float64Array[] | undefined;

  /**
   * @param positive the number of the class whose probability is modelled
   * @param point that this loss shares
   */
  constructor(design: Design, positive: number, point?: Point) {
    const floats = () => design.arena.floats(design.rows);
    this.#design = design;
    this.positive = positive;
    this.#point = point ?? { residuals: floats(), curvatures: floats(), sides: null };
    this.residuals = this.#point.residuals;
    this.curvatures = this.#point.curvatures;
    this.#passes = new RowPasses(design, 1);
    this.#sides = design.arena.floats(4 * this.#passes.blocks.length);
  }

  within(design: Design): LogisticLoss {
    return new LogisticLoss(design, this.positive, this.#point);
  }

  elsewhere(design: Design): LogisticLoss {
    return new LogisticLoss(design, this.positive);
  }

  follow(merged: CurvedLoss): void {
    if (merged instanceof LogisticLoss) this.#point.sides = merged.#sums();
  }

  curvature(): Curvature {
    return { kind: "rows", residuals: this.residuals, curvatures: this.curvatures };
  }

  gradient(w: Float64Array, g: Float64Array): number {
    this.#point.sides = null;
    return this.#passes.add("logisticGradient", g, (block, rows, target) =>
      this.#arguments(block, rows, w, target),
    );
  }

  roughGradient(w: Float64Array, g: Float64Array): number {
    const { arena, columns } = this.#design;
    this.#scratch ??= this.#passes.blocks.map(() => arena.scratch(columns + 4));
    this.#point.sides = null;
    return this.#passes.add("roughGradient", g, (block, rows, target, index) => [
      ...this.#arguments(block, rows, w, target),
      this.#scratch![index].byteOffset,
    ]);
  }

  look(points: Points, strengths: () => number): Look | null {
    if (this.#design.matrix[0] !== 0 || !this.#passes.single) return null;
    return logisticLook(this.#design, this.positive, this.#point, points, strengths());
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

  roughHessian(out: Float64Array, stride: number): void {
    if (this.#square === undefined) this.reserve();
    this.#square!.addRough(this.curvatures, out, stride);
  }

  dualPoint(balanced: boolean): DualPoint {
    this.#factors = balanced ? this.#balance() : [1, 1];
    return { residuals: this.residuals, factors: this.#factors };
  }

  dualPointOf(residuals: Float64Array, balanced: boolean): DualPoint {
    return { residuals, factors: balanced ? balanceOf(residuals, 0, 1) : [1, 1] };
  }

  correlate(out: Float64Array, balanced: boolean): void {
    this.correlateWith(this.dualPoint(balanced), out);
  }

  correlateWith({ residuals, factors: [below, above] }: DualPoint, out: Float64Array): void {
    this.#passes.add("logisticCorrelate", out, ({ from }, rows, target) => [
      ...rows,
      residuals.byteOffset + 8 * from,
      below,
      above,
      target,
    ]);
  }

  divergenceTo({ residuals, factors }: DualPoint, factor: number): number {
    const { kernels, rows, shares } = this.#design;
    const own = [shares, this.residuals, this.curvatures, residuals].map((view) => view.byteOffset);
    const at = own as [number, number, number, number];
    return kernels.squareDivergence(rows, ...at, factor * factors[0], factor * factors[1]);
  }

  /**
   * The sum of s KL(a p | p) over rows, p the probability of the wrong class and a the factor of the residual. With d = 1 - a its second
   * derivative by d is p / (1 - d) + p^2 / (1 - (1 - d) p), at most p / (1 - d) + p^2 / (1 - p), so half of d^2 times that is
   * above, and half of d^2 p below: sums that hold for all factors. The logarithms are taken where these don't decide.
   */
  divergence(factor: number, enough = 0): number {
    const [below, above] = this.#factors.map((side) => factor * side);
    if (below === 1 && above === 1) return 0;
    if (enough > 0) {
      const [low, lowCubes, high, highCubes] = this.#sums();
      const bound = boundOf(low, lowCubes, below) + boundOf(high, highCubes, above);
      const least = (low * (1 - below) ** 2 + high * (1 - above) ** 2) / 2;
      if (bound <= enough || (least > enough && Number.isFinite(bound))) return bound;
    }
    const { shares } = this.#design;
    const at = [shares, this.residuals, this.curvatures].map((view) => view.byteOffset);
    return this.#design.team.run("logisticDivergence", this.#passes.blocks.length, (index) => {
      const { from, to } = this.#passes.blocks[index];
      return [to - from, ...at.map((start) => start + 8 * from), below, above];
    });
  }

  separates(): boolean {
    const { shares } = this.#design;
    return this.residuals.every((r, i) => shares[i] === 0 || Math.abs(r) < 0.5 * shares[i]);
  }

  #arguments({ from }: Block, rows: MatrixArguments, w: Float64Array, target: number): number[] {
    const { labels, shares } = this.#design;
    return [
      ...rows,
      labels.byteOffset + 4 * from,
      this.positive,
      shares.byteOffset + 8 * from,
      w.byteOffset,
      target,
      this.residuals.byteOffset + 8 * from,
      this.curvatures.byteOffset + 8 * from,
    ];
  }

  /** {@link Point.sides}, summed once for each point. */
  #sums(): readonly [number, number, number, number] {
    const point = this.#point;
    if (point.sides !== null) return point.sides;
    const { blocks } = this.#passes;
    const { team, shares } = this.#design;
    const sides = this.#sides.fill(0);
    team.run("logisticSides", blocks.length, (index) => {
      const { from, to } = blocks[index];
      const at = 8 * from;
      const own = [shares.byteOffset + at, this.residuals.byteOffset + at, this.curvatures.byteOffset + at];
      return [to - from, ...own, sides.byteOffset + 32 * index];
    });
    let [low, lowCubes, high, highCubes] = [0, 0, 0, 0];
    for (let n = 0; n < sides.length; n += 4) {
      low += sides[n];
      lowCubes += sides[n + 1];
      high += sides[n + 2];
      highCubes += sides[n + 3];
    }
    point.sides = [low, lowCubes, high, highCubes];
    return point.sides;
  }

  /** What brings the sums of both sides to the lesser one. */
  #balance(): readonly [number, number] {
    const [below, , above] = this.#sums();
    const least = Math.min(below, above);
    return below === above ? [1, 1] : [least / below, least / above];
  }
}

/** A bound of the divergence of the residuals of one side, by their sums, scaled by a factor. */
function boundOf(sum: number, cubes: number, factor: number): number {
  const d = 1 - factor;
  return d === 0 ? 0 : (d * d * (sum / factor + cubes)) / 2;
}

/**
 * What the residuals of an output below and above zero are to be multiplied by, so that both sides sum to the same.
 * @param residuals rows x outputs
 */
export function balanceOf(
  residuals: Float64Array,
  output: number,
  outputs: number,
): readonly [number, number] {
  let below = 0;
  let above = 0;
  for (let i = output; i < residuals.length; i += outputs) {
    if (residuals[i] < 0) below -= residuals[i];
    else above += residuals[i];
  }
  const least = Math.min(below, above);
  return below === above ? [1, 1] : [least / below, least / above];
}

/** The divergence of the Bernoulli distribution of `factor * wrong` from that of `wrong`; `right` is 1 - wrong. */
export function divergenceOf(wrong: number, right: number, factor: number): number {
  const scaled = factor * wrong;
  const first = scaled === 0 ? 0 : scaled * Math.log(factor);
  return Math.max(0, first + (1 - scaled) * Math.log1p(((1 - factor) * wrong) / right));
}
