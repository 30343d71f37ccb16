import type { Arena } from "../../simd/memory";
import type { BlockTerms, CompositePenalty, Strength, Table } from "./composite";

/**
 * The group lasso: the sum over groups of lambda l1Ratio sqrt(size) |w / scale| + lambda (1 - l1Ratio) / 2 |w / scale|^2, so
 * that the weights of a group are zero together. A group is columns with all their outputs (Yuan and Lin, 2006, with the
 * square root of the number of weights; for single columns the multinomial group lasso).
 */
export class GroupPenalty implements CompositePenalty {
  readonly name = "group";
  readonly blocks: number;
  readonly corners = null;
  readonly #table: Table;
  /** Offsets of the groups, and their parameters. */
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;
  readonly #l1: Float64Array;
  readonly #l2: Float64Array;
  /** Whether every block has a square. */
  readonly #ridge: boolean;
  /** Whether some block has no penalty. */
  readonly #loose: boolean;

  /**
   * @param groups the number of each column's group; `null` for all alone
   * @param weights of the columns, of which the greatest counts for a group; 0 leaves it without penalty
   */
  constructor(
    { lambda, l1Ratio }: Strength,
    table: Table,
    groups: ArrayLike<number> | null = null,
    weights: ArrayLike<number> | null = null,
  ) {
    this.#table = table;
    const { starts, members, factors } = gathered(table, groups, weights);
    this.blocks = factors.length;
    this.#starts = starts;
    this.#members = members;
    this.#l1 = factors.map((factor, b) => lambda * l1Ratio * factor * Math.sqrt(starts[b + 1] - starts[b]));
    this.#l2 = factors.map((factor) => lambda * (1 - l1Ratio) * factor);
    this.#ridge = this.#l2.every((l2) => l2 > 0);
    this.#loose = this.#l2.some((l2, b) => l2 === 0 && this.#l1[b] === 0);
  }

  project(): void {}

  value(w: Float64Array, stirred: Uint32Array): number {
    let sum = 0;
    for (const b of stirred) {
      const length = this.#length(b, w);
      sum += this.#l1[b] * length + (this.#l2[b] / 2) * length * length;
    }
    return sum;
  }

  rests(block: number, w: Float64Array): boolean {
    return this.#block(block).every((j) => w[j] === 0);
  }

  stirred(w: Float64Array, slopes: Float64Array, hold = 1): Uint32Array {
    const found: number[] = [];
    for (let b = 0; b < this.blocks; b++) {
      if (this.#pull(b, slopes) > hold * this.#l1[b] || this.#length(b, w) > 0) found.push(b);
    }
    return Uint32Array.from(found);
  }

  excess(w: Float64Array, g: Float64Array, stirred: Uint32Array, out: Float64Array): number {
    let worst = 0;
    stirred.forEach((b, n) => {
      const length = this.#length(b, w);
      const pull = length === 0 ? 0 : this.#l1[b] / length + this.#l2[b];
      const slope = this.#norm(b, (j, unit) => g[j] * unit + (pull * w[j]) / unit);
      out[n] = length === 0 ? slope - this.#l1[b] : slope;
      worst = Math.max(worst, out[n]);
    });
    return worst;
  }

  factors(correlations: Float64Array, stirred: Uint32Array): readonly number[] {
    if (this.#loose) return [];
    let least = 1;
    for (const b of stirred) {
      const size = this.#pull(b, correlations);
      if (this.#l1[b] > 0 && size > this.#l1[b]) least = Math.min(least, this.#l1[b] / size);
    }
    return this.#ridge && least < 1 ? [1, least] : [least];
  }

  divergence(w: Float64Array, correlations: Float64Array, factor: number, stirred: Uint32Array): number {
    let sum = 0;
    for (const b of stirred) {
      const length = this.#length(b, w);
      const pull = Math.max(0, factor * this.#pull(b, correlations) - this.#l1[b]);
      let product = 0;
      for (const j of this.#block(b)) product += factor * correlations[j] * w[j];
      const conjugate = this.#l2[b] > 0 ? (pull * pull) / (2 * this.#l2[b]) : 0;
      sum += Math.max(0, this.#l1[b] * length + (this.#l2[b] / 2) * length * length + conjugate + product);
    }
    return sum;
  }

  ceiling(g: Float64Array): number {
    let most = 0;
    for (let b = 0; b < this.blocks; b++) {
      if (this.#l1[b] > 0) most = Math.max(most, this.#pull(b, g) / this.#l1[b]);
    }
    return most;
  }

  terms(blocks: Uint32Array, arena: Arena): BlockTerms {
    const count = blocks.length;
    const starts = arena.integers(count + 1);
    blocks.forEach((b, n) => {
      starts[n + 1] = starts[n] + this.#block(b).length;
    });
    const members = arena.integers(starts[count]);
    const units = arena.floats(starts[count]);
    const [l1, l2, lower, upper] = Array.from({ length: 4 }, () => arena.floats(count));
    blocks.forEach((b, n) => {
      this.#block(b).forEach((j, a) => {
        members[starts[n] + a] = j;
        units[starts[n] + a] = this.#unit(j);
      });
      // A single weight takes the kernel's way for one, whose strengths are in the units of the weight itself.
      const unit = this.#block(b).length === 1 ? this.#unit(this.#block(b)[0]) : 1;
      l1[n] = this.#l1[b] / unit;
      l2[n] = this.#l2[b] / unit ** 2;
    });
    return {
      starts,
      members,
      l1,
      l2,
      lower: lower.fill(Number.NEGATIVE_INFINITY),
      upper: upper.fill(Number.POSITIVE_INFINITY),
      units,
    };
  }

  #block(b: number): Uint32Array {
    return this.#members.subarray(this.#starts[b], this.#starts[b + 1]);
  }

  #unit(j: number): number {
    const { scale, outputs } = this.#table;
    return scale === null ? 1 : scale[Math.floor(j / outputs)];
  }

  /** The norm of a block's weights. */
  #length(b: number, w: Float64Array): number {
    let sum = 0;
    for (let a = this.#starts[b]; a < this.#starts[b + 1]; a++) {
      const j = this.#members[a];
      if (w[j] !== 0) sum += (w[j] / this.#unit(j)) ** 2;
    }
    return Math.sqrt(sum);
  }

  /** The dual norm of a block's slopes. */
  #pull(b: number, slopes: Float64Array): number {
    let sum = 0;
    for (let a = this.#starts[b]; a < this.#starts[b + 1]; a++) {
      const j = this.#members[a];
      if (slopes[j] !== 0) sum += (slopes[j] * this.#unit(j)) ** 2;
    }
    return Math.sqrt(sum);
  }

  #norm(b: number, part: (j: number, unit: number) => number): number {
    let sum = 0;
    for (let a = this.#starts[b]; a < this.#starts[b + 1]; a++) {
      const j = this.#members[a];
      const x = part(j, this.#unit(j));
      sum += x * x;
    }
    return Math.sqrt(sum);
  }
}

/** The free parameters of each group that has any, in the order of the groups' numbers, and the groups' factors. */
function gathered(
  { columns, outputs: K, frozen }: Table,
  groups: ArrayLike<number> | null,
  weights: ArrayLike<number> | null,
): { starts: Uint32Array; members: Uint32Array; factors: Float64Array } {
  const groupOf = (c: number) => (groups === null ? c : groups[c]);
  let count = 0;
  for (let c = 0; c < columns; c++) count = Math.max(count, groupOf(c) + 1);
  const isFree = (j: number) => frozen === null || frozen[j] === 0;
  const sizes = new Uint32Array(count);
  const most = new Float64Array(count);
  for (let c = 0; c < columns; c++) {
    const g = groupOf(c);
    for (let j = c * K; j < (c + 1) * K; j++) if (isFree(j)) sizes[g]++;
    most[g] = Math.max(most[g], weights === null ? 1 : weights[c]);
  }
  const places = new Uint32Array(count);
  const kept = sizes.reduce((n, size) => n + (size > 0 ? 1 : 0), 0);
  const starts = new Uint32Array(kept + 1);
  const factors = new Float64Array(kept);
  let b = 0;
  for (let g = 0; g < count; g++) {
    if (sizes[g] === 0) continue;
    places[g] = starts[b];
    factors[b] = most[g];
    starts[b + 1] = starts[b] + sizes[g];
    b++;
  }
  const members = new Uint32Array(starts[kept]);
  for (let c = 0; c < columns; c++) {
    for (let j = c * K; j < (c + 1) * K; j++) if (isFree(j)) members[places[groupOf(c)]++] = j;
  }
  return { starts, members, factors };
}
