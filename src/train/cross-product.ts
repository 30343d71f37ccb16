import type { Block } from "./blocks";
import type { Design } from "./design";
import { sampleRows } from "./row-sample";

/** X' diag(h) X of a design with a last column of ones, the room it needs taken once; blocks of rows add each to a square of its own. */
export class CrossProduct {
  readonly #design: Design;
  readonly #blocks: readonly Block[];
  readonly #panels: readonly Float64Array[];
  /** The squares of all blocks but the first, zeros between products. */
  readonly #partial: readonly Float64Array[];
  #h: Float64Array | undefined;
  #block: Float64Array | undefined;

  constructor(design: Design) {
    const { arena, columns } = design;
    const square = (columns + 1) ** 2;
    this.#design = design;
    this.#blocks = design.blocks(square);
    this.#panels = this.#blocks.map(() => arena.scratch(64 * (columns + 4)));
    this.#partial = this.#blocks.slice(1).map(() => arena.floats(square));
  }

  /** One number a row, for `add`. */
  get h(): Float64Array {
    this.#h ??= this.#design.arena.floats(this.#design.rows);
    return this.#h;
  }

  /** A square of the columns and the ones, for `add`. */
  get block(): Float64Array {
    this.#block ??= this.#design.arena.floats((this.#design.columns + 1) ** 2);
    return this.#block;
  }

  /** Adds to the lower triangle of `out`, row after row. */
  add(h: Float64Array, out: Float64Array): void {
    this.#run("crossProduct", h, out);
  }

  /**
   * As {@link add}, to six digits where rows are dense, in half the time.
   * @param stride of so many rows one stands for all, see `sampleRows`
   */
  addRough(h: Float64Array, out: Float64Array, stride: number = 1): void {
    if (stride > 1) sampleRows(h, stride, this.h);
    this.#run("roughProduct", stride > 1 ? this.h : h, out);
  }

  #run(kernel: "crossProduct" | "roughProduct", h: Float64Array, out: Float64Array): void {
    const design = this.#design;
    const { kernels, matrix, team } = design;
    if (this.#partial.length === 0) {
      team.check();
      kernels[kernel](...matrix, h.byteOffset, out.byteOffset, this.#panels[0].byteOffset);
      return;
    }
    const targets = [out, ...this.#partial];
    team.run(kernel, this.#blocks.length, (index) => {
      const block = this.#blocks[index];
      const own = [h.byteOffset + 8 * block.from, targets[index].byteOffset, this.#panels[index].byteOffset];
      return [...design.rowsOf(block), ...own];
    });
    for (const partial of this.#partial) {
      kernels.axpy(partial.length, 1, partial.byteOffset, out.byteOffset);
      partial.fill(0);
    }
  }
}

/**
 * Adds the Hessian of a weighted multinomial loss, K (columns + 1) square with the outputs of a column side by side, to
 * the lower triangle of `out`: for outputs k and l, X' diag(s p_k ([k = l] - p_l)) X.
 */
export function addSoftmaxHessian(
  square: CrossProduct,
  shares: Float64Array,
  probabilities: Float64Array,
  K: number,
  out: Float64Array,
): void {
  const { h, block } = square;
  const n = Math.round(Math.sqrt(block.length));
  const size = n * K;
  for (let k = 0; k < K; k++) {
    for (let l = 0; l <= k; l++) {
      for (let i = 0; i < h.length; i++) {
        const p = probabilities[i * K + k];
        h[i] = shares[i] * p * (k === l ? 1 - p : -probabilities[i * K + l]);
      }
      square.add(h, block.fill(0));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          out[(i * K + k) * size + j * K + l] += block[i * n + j];
          if (j < i && l < k) out[(i * K + l) * size + j * K + k] += block[i * n + j];
        }
      }
    }
  }
}
