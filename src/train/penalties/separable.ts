import type { Arena } from "../../simd/memory";
import type { BlockTerms, CompositePenalty, Strength, Table } from "./composite";

/** Bounds of the weights as they are, one for each column; `null` for none. */
export interface Bounds {
  /** At most 0. */
  readonly lower: Float64Array | null;
  /** At least 0. */
  readonly upper: Float64Array | null;
}

/**
 * L1, ridge and their mixture (the elastic net), with a weight for each column (the adaptive lasso) and bounds: the sum of
 * l1 |w| + l2/2 w^2 over all weights, l1 = lambda l1Ratio weight / scale, l2 = lambda (1 - l1Ratio) weight / scale^2.
 */
export class SeparablePenalty implements CompositePenalty {
  readonly name = "elasticnet";
  readonly blocks: number;
  readonly #table: Table;
  readonly #l1: Float64Array;
  readonly #l2: Float64Array;
  readonly #bounds: Bounds | null;
  readonly #ridge: boolean;

  /** @param weights of the columns, at least 0; 0 leaves a column without penalty */
  constructor(
    { lambda, l1Ratio }: Strength,
    table: Table,
    weights: ArrayLike<number> | null = null,
    bounds: Bounds | null = null,
  ) {
    const { columns, outputs, scale } = table;
    this.blocks = columns * outputs;
    this.#table = table;
    this.#bounds = bounds;
    this.#l1 = new Float64Array(columns);
    this.#l2 = new Float64Array(columns);
    let ridge = true;
    for (let j = 0; j < columns; j++) {
      const weight = weights === null ? 1 : weights[j];
      const unit = scale === null ? 1 : scale[j];
      this.#l1[j] = (lambda * l1Ratio * weight) / unit;
      this.#l2[j] = (lambda * (1 - l1Ratio) * weight) / unit ** 2;
      if (this.#l2[j] === 0) ridge = false;
    }
    this.#ridge = ridge;
  }

  members(block: number): ArrayLike<number> {
    return [block];
  }

  project(w: Float64Array): void {
    if (this.#bounds === null) return;
    this.#each((j, _l1, _l2, lower, upper) => {
      w[j] = clip(w[j], lower, upper);
    });
  }

  value(w: Float64Array): number {
    let sum = 0;
    this.#each((j, l1, l2) => {
      if (w[j] !== 0) sum += l1 * Math.abs(w[j]) + (l2 / 2) * w[j] * w[j];
    });
    return sum;
  }

  excess(w: Float64Array, g: Float64Array, out: Float64Array): number {
    let worst = 0;
    out.fill(Number.NEGATIVE_INFINITY);
    this.#each((j, l1, l2, lower, upper) => {
      const slope = g[j] + l2 * w[j];
      const right = w[j] < upper ? -slope - (w[j] >= 0 ? l1 : -l1) : Number.NEGATIVE_INFINITY;
      const left = w[j] > lower ? slope + (w[j] > 0 ? l1 : -l1) : Number.NEGATIVE_INFINITY;
      const excess = right > left ? right : left;
      out[j] = excess;
      if (excess > worst) worst = excess;
    });
    return worst;
  }

  factors(correlations: Float64Array): readonly number[] {
    let least = 1;
    let bounded = true;
    this.#each((j, l1, l2, lower, upper) => {
      const pull = -correlations[j];
      const open = pull > 0 ? upper === Number.POSITIVE_INFINITY : lower === Number.NEGATIVE_INFINITY;
      if (!open) return;
      if (l1 === 0 && l2 === 0) bounded = false;
      const size = Math.abs(pull);
      if (l1 > 0 && size > l1 && l1 < least * size) least = l1 / size;
    });
    if (!bounded) return [];
    return this.#ridge && least < 1 ? [1, least] : [least];
  }

  divergence(w: Float64Array, correlations: Float64Array, factor: number): number {
    let sum = 0;
    this.#each((j, l1, l2, lower, upper) => {
      const u = -factor * correlations[j];
      const size = Math.abs(u);
      if (w[j] === 0 && size <= l1) return;
      const pull = size > l1 * (1 + 1e-15) ? (u > 0 ? size - l1 : l1 - size) : 0;
      const far = u > 0 ? upper : lower;
      const best = pull === 0 ? 0 : l2 > 0 ? clip(pull / l2, lower, upper) : far;
      const here = l1 * Math.abs(w[j]) - u * w[j];
      const there = best === 0 ? 0 : l1 * Math.abs(best) - u * best;
      const square = (l2 / 2) * (w[j] - best) * (w[j] + best);
      sum += Math.max(0, best === w[j] ? 0 : here - there + square);
    });
    return sum;
  }

  ceiling(g: Float64Array): number {
    let most = 0;
    let norm = false;
    this.#each((j, l1, _l2, lower, upper) => {
      if (l1 > 0) norm = true;
      if (l1 > 0 && (g[j] < 0 ? upper > 0 : lower < 0)) most = Math.max(most, Math.abs(g[j]) / l1);
    });
    return norm ? most : Number.POSITIVE_INFINITY;
  }

  terms(blocks: Uint32Array, arena: Arena): BlockTerms {
    const K = this.#table.outputs;
    const count = blocks.length;
    const members = arena.integers(count);
    members.set(blocks);
    const starts = arena.integers(count + 1);
    for (let b = 0; b <= count; b++) starts[b] = b;
    const [l1, l2, lower, upper, units] = Array.from({ length: 5 }, () => arena.floats(count));
    blocks.forEach((j, b) => {
      const c = Math.floor(j / K);
      l1[b] = this.#l1[c];
      l2[b] = this.#l2[c];
      lower[b] = bound(this.#bounds?.lower, c, Number.NEGATIVE_INFINITY);
      upper[b] = bound(this.#bounds?.upper, c, Number.POSITIVE_INFINITY);
    });
    return { starts, members, l1, l2, lower, upper, units: units.fill(1) };
  }

  #each(visit: (j: number, l1: number, l2: number, lower: number, upper: number) => void): void {
    const { columns, outputs: K, frozen } = this.#table;
    const bounds = this.#bounds;
    for (let c = 0; c < columns; c++) {
      const l1 = this.#l1[c];
      const l2 = this.#l2[c];
      const lower = bound(bounds?.lower, c, Number.NEGATIVE_INFINITY);
      const upper = bound(bounds?.upper, c, Number.POSITIVE_INFINITY);
      for (let j = c * K; j < (c + 1) * K; j++) {
        if (frozen === null || frozen[j] === 0) visit(j, l1, l2, lower, upper);
      }
    }
  }
}

function bound(given: Float64Array | null | undefined, column: number, none: number): number {
  return given?.[column] ?? none;
}

function clip(x: number, lower: number, upper: number): number {
  return Math.min(Math.max(x, lower), upper);
}
