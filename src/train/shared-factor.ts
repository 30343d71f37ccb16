import type { Block } from "./blocks";
import type { Design } from "./design";
import { sampledTrace } from "./sampled-trace";
import type { Factored } from "./solvers/metric";
import { wideCholesky } from "./wide-cholesky";

/** Tried in turn: the ridge, as a share of each diagonal number, that takes what rounding leaves of dependent columns. */
const ridges = [1e-12, 1e-8, 1e-5];
/** Rows are parted in as many blocks at most, each of which fills a square of its own. */
const mostBlocks = 4;
/** Outputs that are solved for at a time: what a kernel keeps in registers. */
const together = 4;

/** The most columns: the factor takes 8 bytes a pair of them, and the time of their cube. */
const mostColumns = 2048;
/** The passes that a factor may cost: some four of them are made in place of dozens of passes. */
const mostPasses = 16;
/** Rows for each direction that the penalty leaves free that are enough for a factor of steps that are judged by all rows. */
const rowsEach = 5;
/** Dense rows that the kernel takes together. */
const denseRun = 32;
/** The times of a multiplication in the factor, and of a product of two values of a row, beside that of a value in a pass. */
const perFactor = 0.2;
const perPair = 0.6;

/** What the use of a shared factor depends on. */
interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
}

/** Whether factors of the shared Hessian cost few passes, and solving by one less than a pass. */
export function sharedFactorPays(shape: Shape, outputs: number): boolean {
  const { columns, nonzeros } = shape;
  if (outputs < 3 || columns > mostColumns || columns * columns > 2 * nonzeros) return false;
  return factorPasses(shape, outputs) <= mostPasses;
}

/** The time of a factor in passes over the data, about. */
function factorPasses({ rows, columns, nonzeros }: Shape, outputs: number): number {
  const pairs = (nonzeros * (nonzeros / rows + 1)) / 2 / strideOf(rows, columns);
  return (perFactor * (columns ** 3 / 6) + perPair * pairs) / (nonzeros * outputs);
}

/** What a shared factor takes from the loss and the penalty at a point. */
interface SharedParts {
  /** Writes each row's curvature, the mean over the outputs. */
  meanCurvatures(out: Float64Array): void;
  /** Adds the curvatures of the penalty, one number a parameter. */
  addDiagonal(out: Float64Array): void;
}

/**
 * One Cholesky factor for all outputs, of X' diag(h) X plus the penalty's diagonal with h the mean over the outputs of the
 * rows' curvatures: what the Hessians of the classes have in common. It takes the correlation of the columns out of a
 * problem for the time of a few passes, and leaves what sets one class apart from another.
 */
export class SharedFactor implements Factored {
  readonly passes: number;
  readonly #design: Design;
  readonly #parts: SharedParts;
  readonly #outputs: number;
  readonly #h: Float64Array;
  readonly #square: Float64Array;
  readonly #blocks: readonly Block[];
  readonly #partial: readonly Float64Array[];
  readonly #panels: readonly Float64Array[];
  readonly #diagonal: Float64Array;
  readonly #scale: Float64Array;
  /** Whether 32-bit floats reach to the square, whose six digits serve where a sample of the rows stands for all. */
  #rough = true;
  readonly #groups: readonly Group[];

  constructor(design: Design, outputs: number, parts: SharedParts) {
    const { arena, columns, rows } = design;
    const n = columns + 1;
    this.#design = design;
    this.#parts = parts;
    this.#outputs = outputs;
    this.#h = arena.floats(rows);
    this.#square = arena.floats(n * n);
    this.#blocks = joined(design.blocks(n), mostBlocks);
    this.#partial = this.#blocks.slice(1).map(() => arena.floats(n * n));
    this.#panels = this.#blocks.map(() => arena.floats(64 * (columns + 4)));
    this.#diagonal = arena.floats(n * outputs);
    this.#scale = new Float64Array(n);
    this.#groups = Array.from({ length: Math.ceil(outputs / together) }, (_, group) => {
      const from = group * together;
      const width = Math.min(together, outputs - from);
      return { from, width, table: arena.floats(n * width) };
    });
    this.passes = factorPasses({ columns, rows, nonzeros: design.nonzeros }, outputs);
  }

  update(): boolean {
    return ridges.some((ridge) => this.#factor(ridge));
  }

  solve(r: Float64Array, out: Float64Array): void {
    const K = this.#outputs;
    const scale = this.#scale;
    const n = scale.length;
    for (const { from, width, table } of this.#groups) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < width; k++) table[j * width + k] = scale[j] * r[j * K + from + k];
      }
    }
    this.#design.team.run("choleskySolve", this.#groups.length, (group) => {
      const { width, table } = this.#groups[group];
      return [n, this.#square.byteOffset, width, table.byteOffset];
    });
    for (const { from, width, table } of this.#groups) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < width; k++) out[j * K + from + k] = scale[j] * table[j * width + k];
      }
    }
  }

  #factor(ridge: number): boolean {
    const A = this.#square;
    const scale = this.#scale;
    const n = scale.length;
    this.#parts.addDiagonal(this.#diagonal.fill(0));
    this.#gram();
    for (let j = 0; this.#rough && j < n; j++) {
      if (Number.isFinite(A[j * n + j])) continue;
      this.#rough = false;
      this.#gram();
    }
    for (let j = 0; j < n; j++) A[j * n + j] += this.#penalty(j);
    for (let j = 0; j < n; j++) scale[j] = A[j * n + j] > 0 ? 1 / Math.sqrt(A[j * n + j]) : 1;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) A[i * n + j] *= scale[i] * scale[j];
      A[i * n + i] = 1 + ridge;
    }
    return wideCholesky(this.#design, n, A.byteOffset, ridge / 2);
  }

  #gram(): void {
    const { kernels, team } = this.#design;
    const h = this.#h;
    this.#parts.meanCurvatures(h);
    const sampled = this.#sample(h);
    const targets = [this.#square, ...this.#partial];
    for (const target of targets) target.fill(0);
    this.#design.passes++;
    team.run(this.#rough && sampled ? "roughProduct" : "crossProduct", this.#blocks.length, (index) => {
      const block = this.#blocks[index];
      const own = h.byteOffset + 8 * block.from;
      return [...this.#design.rowsOf(block), own, targets[index].byteOffset, this.#panels[index].byteOffset];
    });
    for (const partial of this.#partial) {
      kernels.axpy(partial.length, 1, partial.byteOffset, this.#square.byteOffset);
    }
  }

  /** Leaves one of several rows, or of runs of rows as long as the kernel takes dense ones, to stand for the others, where that is enough. */
  #sample(h: Float64Array): boolean {
    const { rows, matrix } = this.#design;
    const stride = strideOf(rows, this.#freedom(h));
    const run = matrix[0] === 0 ? denseRun : 1;
    if (stride === 1) return false;
    for (let i = 0; i < h.length; i++) h[i] *= Math.floor(i / run) % stride === 0 ? stride : 0;
    return true;
  }

  /**
   * The directions that the penalty leaves free, at most: the columns, or the trace of X' diag(h) X over the penalty's curvature,
   * which is above the effective dimension of ridge regression (Hastie, Tibshirani and Friedman, 2009, section 3.4.1).
   */
  #freedom(h: Float64Array): number {
    const { columns } = this.#design;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < columns; j++) least = Math.min(least, this.#penalty(j));
    return Math.min(columns, sampledTrace(this.#design, h) / least || columns);
  }

  /** The curvature of the penalty of a column, the mean over the outputs. */
  #penalty(j: number): number {
    const K = this.#outputs;
    let sum = 0;
    for (let k = 0; k < K; k++) sum += this.#diagonal[j * K + k];
    return sum / K;
  }
}

function strideOf(rows: number, directions: number): number {
  return Math.max(1, Math.floor(rows / (rowsEach * (directions + 1))));
}

/** Neighbouring outputs in a table of their own, so that threads write to memory apart. */
interface Group {
  readonly from: number;
  readonly width: number;
  readonly table: Float64Array;
}

/** Neighbouring blocks made one, so that at most so many are left. */
function joined(blocks: readonly Block[], most: number): Block[] {
  const count = Math.min(most, blocks.length);
  const bound = (part: number) => Math.floor((part * blocks.length) / count);
  return Array.from({ length: count }, (_, part) => ({
    from: blocks[bound(part)].from,
    to: blocks[bound(part + 1) - 1].to,
  }));
}
