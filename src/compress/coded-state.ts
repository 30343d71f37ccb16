import { sigmoid } from "../base/sigmoid";
import type { Link } from "../model/scorer";
import type { Design, MatrixArguments } from "../train/design";
import { cheapestSymbol, codeLength, levelBits } from "./code-length";
import { LevelSums, type StoredColumns } from "./level-sums";

/** A model of codes as it goes between threads. */
export interface CodedModel {
  /** Ascending places in the `features x outputs` table. */
  readonly positions: Uint32Array;
  /** The code of each position, from 0. */
  readonly codes: Uint16Array;
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
}

/** What the objective of a coded model is beside the data. */
export interface CodedTask {
  readonly link: Link;
  readonly classes: number;
  /** The strength of the L2 penalty on the mean loss. */
  readonly lambda: number;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** The places of the weights that may differ from zero, or `null` for all. */
  readonly allowed: Uint32Array | null;
  /** The number of weights of the whole model, those of columns left out here included, among which a file tells places. */
  readonly total: number;
}

/** The share of its bits that the slope of a weight must make up for; what others move in the same sweep can change it. */
const near = 0.5;

/** A coded model beside its data, where the kernel that moves its symbols reaches it. Symbol 0 is a zero weight. */
export class CodedState {
  readonly outputs: number;
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  readonly counts: Float64Array;
  readonly symbols: Uint32Array;
  /** Residuals of the rows, those without a share included. */
  readonly residuals: Float64Array;
  readonly strengths: Float64Array;
  readonly #list: Uint32Array;
  readonly #few: Uint32Array;
  readonly #scratch: Float64Array;
  readonly #totals: Float64Array;
  readonly #gradient: Float64Array;
  readonly #slopes: Float64Array;
  readonly #columns: MatrixArguments;
  readonly #stored: StoredColumns;
  readonly #sums: LevelSums;
  #support: Uint32Array;
  /** What the last sweep over promising weights met, other than zero or not. */
  #candidates: Uint32Array | null = null;

  constructor(
    readonly design: Design,
    readonly task: CodedTask,
    start: CodedModel,
  ) {
    const { arena } = design;
    const K = task.link === "binary" ? 1 : task.classes;
    const L = start.levels.length;
    this.outputs = K;
    this.#columns = design.byColumns();
    this.#stored = storedColumns(design, this.#columns);
    this.symbols = arena.integers(design.columns * K);
    this.#sums = new LevelSums(design.rows, K, L, this.#stored);
    this.levels = arena.floats(L + 1);
    this.counts = arena.floats(L + 1);
    this.strengths = arena.floats(design.columns);
    this.residuals = arena.floats(design.rows * K);
    this.intercepts = start.intercepts.slice();
    this.#scratch = arena.floats((L + 1) ** 2);
    this.#totals = arena.floats(3);
    this.#gradient = arena.floats((design.columns + 1) * K);
    this.#slopes = arena.floats(design.rows * K);
    const list = this.#visited();
    this.#list = arena.integers(list.length);
    this.#list.set(list);
    this.#few = arena.integers(list.length);
    this.levels.set(start.levels, 1);
    for (let j = 0; j < design.columns; j++) {
      this.strengths[j] = task.lambda / (task.scale === null ? 1 : task.scale[j] ** 2);
    }
    const free = new Uint8Array(this.symbols.length);
    for (const at of list) free[at] = 1;
    start.positions.forEach((at, i) => {
      if (free[at] === 1) this.symbols[at] = start.codes[i] + 1;
    });
    this.#support = start.positions.filter((at) => free[at] === 1);
    for (const at of this.#support) this.counts[this.symbols[at]]++;
    this.counts[0] = task.total - this.#support.length;
    this.#sums.update(this.symbols, this.#support);
    this.refresh();
  }

  /** The places of the weights other than zero, ascending. */
  get support(): Uint32Array {
    return this.#support;
  }

  get bits(): number {
    return codeLength(this.counts);
  }

  /**
   * Lets each weight take another symbol where loss + penalty + mu x bits falls; returns how many did.
   * @param which all weights; those other than zero; besides these the ones that come near to being worth their bits, which takes a
   * pass for the gradient of all and leaves few; or those that came near when that pass was last made: while prices rise they
   * are what it would find, nearly
   */
  sweep(mu: number, which: "all" | "promising" | "candidates" | "support" = "all"): number {
    const { design, outputs, task } = this;
    const list = this.#listOf(mu, which);
    const { length } = list;
    const [pointers, indices, values] = this.#columns;
    this.#totals.fill(0);
    design.kernels.descendSymbols(
      ...([list.byteOffset, length, pointers, indices, values] as const),
      ...([outputs, Number(task.link === "softmax"), design.shares.byteOffset] as const),
      ...([this.residuals.byteOffset, this.symbols.byteOffset, this.levels.byteOffset] as const),
      ...([this.counts.byteOffset, this.levels.length - 1, levelBits, this.strengths.byteOffset] as const),
      ...([mu, this.#scratch.byteOffset, this.#totals.byteOffset] as const),
    );
    this.#support = this.#keptOf(list);
    this.#sums.update(this.symbols, list);
    return this.#totals[2];
  }

  /** Those of a list that are other than zero. */
  #keptOf(list: Uint32Array): Uint32Array {
    const { symbols } = this;
    const kept = new Uint32Array(list.length);
    let count = 0;
    for (let i = 0; i < list.length; i++) if (symbols[list[i]] > 0) kept[count++] = list[i];
    return kept.slice(0, count);
  }

  /** The weights to visit, all that are other than zero among them, where the kernel reaches them. */
  #listOf(mu: number, which: "all" | "promising" | "candidates" | "support"): Uint32Array {
    if (which === "all") {
      this.#candidates = null;
      return this.#list;
    }
    const looks = which === "promising" || (which === "candidates" && this.#candidates === null);
    if (looks) this.#candidates = this.#promising(mu);
    const few = which === "support" ? this.#support : this.#candidates!;
    const list = this.#few.subarray(0, few.length);
    list.set(few);
    return list;
  }

  /** The weights other than zero, and those whose slope makes up for half of the bits that the cheapest symbol costs. */
  #promising(mu: number): Uint32Array {
    const { design, residuals, outputs: K, symbols, levels } = this;
    const { kernels, matrix, shares, rows } = design;
    const slopes = this.#slopes;
    const gradient = this.#gradient;
    for (let i = 0, at = 0; i < rows; i++) {
      for (let k = 0; k < K; k++, at++) slopes[at] = shares[i] * residuals[at];
    }
    gradient.fill(0);
    kernels.transposeTimes(...matrix, K, slopes.byteOffset, gradient.byteOffset);
    design.passes++;
    const [lowest, highest] = [Math.min(0, ...levels), Math.max(0, ...levels)];
    const least = near * mu * cheapestSymbol(this.counts);
    const list = this.#list;
    const found = this.#few;
    let count = 0;
    for (let i = 0; i < list.length; i++) {
      const at = list[i];
      const g = gradient[at];
      if (symbols[at] > 0 || -g * (g > 0 ? lowest : highest) > least) found[count++] = at;
    }
    return found.slice(0, count);
  }

  /** Loss and penalty by the residuals as they are. */
  smooth(): number {
    const { shares, rows } = this.design;
    const K = this.outputs;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      if (shares[i] === 0) continue;
      for (let k = 0; k < K; k++) {
        const r = this.residuals[i * K + k];
        // A softmax row's loss is that of its own class alone, which is the one with a negative residual.
        if (r < 0) sum -= shares[i] * Math.log1p(r);
        else if (this.task.link !== "softmax") sum -= shares[i] * Math.log1p(-r);
      }
    }
    this.support.forEach((at) => {
      const w = this.levels[this.symbols[at]];
      sum += 0.5 * this.strengths[Math.floor(at / K)] * w * w;
    });
    return sum;
  }

  objective(mu: number): number {
    return this.smooth() + mu * this.bits;
  }

  /** What each row has of each level, rows x outputs x levels, for the symbols as they are. */
  levelSums(): Float64Array {
    return this.#sums.values;
  }

  /** The margins of all rows for levels and intercepts, rows x outputs. */
  margins(levels: Float64Array, intercepts: Float64Array): Float64Array {
    return this.#sums.margins(levels, intercepts);
  }

  /** Computes the residuals anew from levels and intercepts. */
  refresh(): void {
    const { labels } = this.design;
    const K = this.outputs;
    const margins = this.margins(this.levels.slice(1), this.intercepts);
    if (this.task.link === "binary") {
      for (let i = 0; i < labels.length; i++) {
        const own = labels[i] === 1;
        const wrong = above(sigmoid(own ? -margins[i] : margins[i]));
        this.residuals[i] = own ? -wrong : wrong;
      }
      return;
    }
    const softmax = this.task.link === "softmax";
    const grown = new Float64Array(K);
    for (let i = 0, from = 0; i < labels.length; i++, from += K) {
      const own = labels[i];
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < K; k++) top = Math.max(top, margins[from + k]);
      let others = 0;
      for (let k = 0; k < K; k++) {
        grown[k] = Math.exp(margins[from + k] - top);
        if (k !== own) others += grown[k];
      }
      const total = others + grown[own];
      for (let k = 0; k < K; k++) {
        const margin = margins[from + k];
        const wrong = k === own ? others / total : grown[k] / total;
        const share = softmax ? wrong : sigmoid(k === own ? -margin : margin);
        this.residuals[from + k] = k === own ? -above(share) : above(share);
      }
    }
  }

  /** The model as it is, with levels and intercepts replaced where given. */
  model(levels: Float64Array = this.levels.slice(1), intercepts: Float64Array = this.intercepts): CodedModel {
    const positions = this.support;
    const codes = Uint16Array.from(positions, (at) => this.symbols[at] - 1);
    return { positions, codes, levels, intercepts };
  }

  /**
   * The weights to visit, in the order in which their columns lie in memory, which is several times faster than any
   * other. What a single row has tells nothing of others, so that its column, where there
   * are many rows, is not worth a bit.
   */
  #visited(): Uint32Array {
    const { columns, rows } = this.design;
    const K = this.outputs;
    const { pointers } = this.#stored;
    const least = rows > 50 ? 2 : 1;
    const all = this.task.allowed;
    const count = all?.length ?? columns * K;
    const found = new Uint32Array(count);
    let filled = 0;
    for (let i = 0; i < count; i++) {
      const at = all === null ? i : all[i];
      const j = Math.floor(at / K);
      if (pointers[j + 1] - pointers[j] >= least) found[filled++] = at;
    }
    return found.slice(0, filled);
  }
}

function storedColumns({ arena, columns }: Design, [at, indices, values]: MatrixArguments): StoredColumns {
  const { buffer } = arena.memory;
  const pointers = new Uint32Array(buffer, at, columns + 1);
  const count = pointers[columns];
  return {
    pointers,
    rows: new Uint32Array(buffer, indices, count),
    values: values === 0 ? null : new Float32Array(buffer, values, count),
  };
}

/** A residual that a change can still be told from: what is 0 would stay so for ever. */
function above(x: number): number {
  return Math.max(x, 1e-300);
}
