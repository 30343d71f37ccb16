import type { Design } from "./design";

/** X' diag(h) X of a design with a last column of ones, the room it needs taken once. */
export class CrossProduct {
  readonly #design: Design;
  readonly #panel: Float64Array;
  #h: Float64Array | undefined;
  #block: Float64Array | undefined;

  constructor(design: Design) {
    this.#design = design;
    this.#panel = design.arena.scratch(64 * (design.columns + 4));
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
    const { kernels, matrix } = this.#design;
    kernels.crossProduct(...matrix, h.byteOffset, out.byteOffset, this.#panel.byteOffset);
  }

  /** As {@link add}, to six digits where rows are dense, in half the time. */
  addRough(h: Float64Array, out: Float64Array): void {
    const { kernels, matrix } = this.#design;
    kernels.roughProduct(...matrix, h.byteOffset, out.byteOffset, this.#panel.byteOffset);
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
