import type { FeatureBounds } from "../../model/linear";
import type { Arena } from "../../simd/memory";
import type { BlockTerms, CompositePenalty, Strength, Table } from "./composite";

/**
 * L1, ridge and their mixture (the elastic net), with a weight for each column (the adaptive lasso) and bounds: the sum of
 * l1 |w| + l2/2 w^2 over all weights, l1 = lambda l1Ratio weight / scale, l2 = lambda (1 - l1Ratio) weight / scale^2.
 */
export class SeparablePenalty implements CompositePenalty {
  readonly name = "elasticnet";
  readonly blocks: number;
  readonly #table: Table;
  /** The strengths of each column; of one entry where all have the same. */
  readonly #l1: Float64Array;
  readonly #l2: Float64Array;
  readonly #same: boolean;
  readonly #bounds: FeatureBounds | null;
  /** Whether every weight has a square. */
  readonly #ridge: boolean;
  /** Whether some weight has neither penalty nor bound. */
  readonly #loose: boolean;

  /** @param weights of the columns, at least 0; 0 leaves a column without penalty */
  constructor(
    { lambda, l1Ratio }: Strength,
    table: Table,
    weights: ArrayLike<number> | null = null,
    bounds: FeatureBounds | null = null,
  ) {
    const { columns, outputs, scale } = table;
    this.blocks = columns * outputs;
    this.#table = table;
    this.#bounds = bounds;
    const own = weights !== null || scale !== null ? columns : 1;
    this.#l1 = new Float64Array(own);
    this.#l2 = new Float64Array(own);
    for (let j = 0; j < own; j++) {
      const weight = weights === null ? 1 : weights[j];
      const unit = scale === null ? 1 : scale[j];
      this.#l1[j] = (lambda * l1Ratio * weight) / unit;
      this.#l2[j] = (lambda * (1 - l1Ratio) * weight) / unit ** 2;
    }
    this.#same = own === 1;
    this.#ridge = lambda > 0 && l1Ratio < 1 && this.#l2.every((l2) => l2 > 0);
    this.#loose = !this.#ridge && this.#isLoose();
  }

  get corners(): Float64Array | null {
    return this.#table.outputs === 1 && this.#table.frozen === null ? this.#l1 : null;
  }

  project(w: Float64Array): void {
    if (this.#bounds === null) return;
    for (let j = 0; j < this.blocks; j++) w[j] = Math.min(Math.max(w[j], this.#low(j)), this.#high(j));
  }

  value(w: Float64Array, stirred: Uint32Array): number {
    let sum = 0;
    for (const j of stirred) {
      const c = this.#column(j);
      sum += this.#l1[c] * Math.abs(w[j]) + (this.#l2[c] / 2) * w[j] * w[j];
    }
    return sum;
  }

  rests(block: number, w: Float64Array): boolean {
    return w[block] === 0;
  }

  stirred(w: Float64Array, slopes: Float64Array, hold = 1): Uint32Array {
    const { frozen } = this.#table;
    const found: number[] = [];
    if (this.#same) this.#addStirred(0, this.blocks, hold * this.#l1[0], w, slopes, found);
    else {
      const K = this.#table.outputs;
      this.#l1.forEach((l1, c) => {
        this.#addStirred(c * K, (c + 1) * K, hold * l1, w, slopes, found);
      });
    }
    return Uint32Array.from(frozen === null ? found : found.filter((j) => frozen[j] === 0));
  }

  /** Adds the places not at zero, or whose slope is above `most`, to `found`: in a loop of its own, since it looks at all columns. */
  #addStirred(
    from: number,
    to: number,
    most: number,
    w: Float64Array,
    slopes: Float64Array,
    found: number[],
  ): void {
    for (let j = from; j < to; j++) {
      const slope = slopes[j];
      if (slope > most || slope < -most || w[j] !== 0) found.push(j);
    }
  }

  excess(w: Float64Array, g: Float64Array, stirred: Uint32Array, out: Float64Array): number {
    let worst = 0;
    stirred.forEach((j, n) => {
      const c = this.#column(j);
      const slope = g[j] + this.#l2[c] * w[j];
      const l1 = this.#l1[c];
      const right = w[j] < this.#high(j) ? -slope - (w[j] >= 0 ? l1 : -l1) : Number.NEGATIVE_INFINITY;
      const left = w[j] > this.#low(j) ? slope + (w[j] > 0 ? l1 : -l1) : Number.NEGATIVE_INFINITY;
      out[n] = Math.max(left, right);
      worst = Math.max(worst, out[n]);
    });
    return worst;
  }

  factors(correlations: Float64Array, stirred: Uint32Array): readonly number[] {
    if (this.#loose) return [];
    let least = 1;
    for (const j of stirred) {
      const l1 = this.#l1[this.#column(j)];
      const size = Math.abs(correlations[j]);
      if (l1 === 0 || size <= l1 || Number.isFinite(correlations[j] < 0 ? this.#high(j) : this.#low(j)))
        continue;
      least = Math.min(least, l1 / size);
    }
    return this.#ridge && least < 1 ? [1, least] : [least];
  }

  divergence(w: Float64Array, correlations: Float64Array, factor: number, stirred: Uint32Array): number {
    let sum = 0;
    for (const j of stirred) sum += this.#divergence(j, w[j], -factor * correlations[j]);
    return sum;
  }

  ceiling(g: Float64Array): number {
    let most = 0;
    if (!this.#l1.some((l1) => l1 > 0)) return Number.POSITIVE_INFINITY;
    for (let j = 0; j < this.blocks; j++) {
      const size = Math.abs(g[j]) / this.#l1[this.#column(j)];
      const free = g[j] < 0 ? this.#high(j) > 0 : this.#low(j) < 0;
      if (size > most && size < Number.POSITIVE_INFINITY && free && !this.#frozen(j)) most = size;
    }
    return most;
  }

  terms(blocks: Uint32Array, arena: Arena): BlockTerms {
    const count = blocks.length;
    const members = arena.copy(blocks);
    const starts = arena.integers(count + 1);
    const floats = () => arena.scratch(count);
    const [l1, l2, lower, upper, units] = [floats(), floats(), floats(), floats(), floats().fill(1)];
    for (let b = 0; b < count; b++) {
      const j = blocks[b];
      const c = this.#column(j);
      starts[b + 1] = b + 1;
      l1[b] = this.#l1[c];
      l2[b] = this.#l2[c];
      lower[b] = this.#low(j);
      upper[b] = this.#high(j);
    }
    return { starts, members, l1, l2, lower, upper, units };
  }

  /** The penalty at w plus its conjugate at u less w u: what w lacks of the best weight for the slope u. */
  #divergence(j: number, w: number, u: number): number {
    const c = this.#column(j);
    const l1 = this.#l1[c];
    const l2 = this.#l2[c];
    const pull = Math.abs(u) - l1;
    const far = u > 0 ? this.#high(j) : this.#low(j);
    let best = 0;
    // A pull of a rounding beyond l1 is none: the factor was to bring it there.
    if (pull > 1e-15 * l1) best = l2 > 0 ? Math.sign(u) * Math.min(pull / l2, Math.abs(far)) : far;
    const change = l1 * (Math.abs(w) - Math.abs(best)) - u * (w - best);
    return best === w ? 0 : Math.max(0, change + (l2 / 2) * (w - best) * (w + best));
  }

  #isLoose(): boolean {
    if (this.#l1.every((l1, c) => l1 > 0 || this.#l2[c] > 0)) return false;
    for (let j = 0; j < this.blocks; j++) {
      const c = this.#column(j);
      const held = this.#l1[c] > 0 || this.#l2[c] > 0 || this.#frozen(j);
      if (!held && this.#high(j) - this.#low(j) === Number.POSITIVE_INFINITY) return true;
    }
    return false;
  }

  /** Where the strengths of a weight are. */
  #column(j: number): number {
    return this.#same ? 0 : Math.floor(j / this.#table.outputs);
  }

  #frozen(j: number): boolean {
    return this.#table.frozen !== null && this.#table.frozen[j] === 1;
  }

  #low(j: number): number {
    const lower = this.#bounds?.lower;
    return lower ? lower[Math.floor(j / this.#table.outputs)] : Number.NEGATIVE_INFINITY;
  }

  #high(j: number): number {
    const upper = this.#bounds?.upper;
    return upper ? upper[Math.floor(j / this.#table.outputs)] : Number.POSITIVE_INFINITY;
  }
}
