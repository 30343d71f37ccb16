import type { Design } from "./design";
import { RowPasses } from "./row-passes";

/** Stored values that a thread works through before it looks whether it is to end. */
const longest = 2 ** 22;

/** Products of a design's matrix with vectors, done by all threads of its team. */
export class Products {
  readonly #design: Design;
  readonly #passes: RowPasses | null;

  constructor(design: Design) {
    this.#design = design;
    this.#passes = design.given.halves === 0 ? new RowPasses(design, 1) : null;
  }

  /** Writes X w + b to `out`. @param w weights, then the intercept */
  times(w: Float64Array, out: Float64Array): void {
    const { team } = this.#design;
    const blocks = this.#design.blocks(1);
    team.run("times", blocks.length, (index) => {
      const block = blocks[index];
      return [...this.#design.rowsOf(block), 1, w.byteOffset, out.byteOffset + 8 * block.from];
    });
  }

  /** Adds X' r to the weights of `out`, and the sum of r to its intercept. */
  addTransposed(r: Float64Array, out: Float64Array): void {
    if (this.#passes === null) this.#addHalves(r, out);
    else
      this.#passes.add("transposeTimes", out, ({ from }, rows, target) => [
        ...rows,
        1,
        r.byteOffset + 8 * from,
        target,
      ]);
  }

  /** Each thread has half of the columns, so none needs a vector of its own. */
  #addHalves(r: Float64Array, out: Float64Array): void {
    const { team, matrix, rows, columns, nonzeros, given } = this.#design;
    const [pointers, indices, values] = matrix;
    const stride = Math.max(1, Math.floor((2 * longest * rows) / Math.max(1, nonzeros)));
    for (let from = 0; from < rows; from += stride) {
      const count = Math.min(stride, rows - from);
      const [own, other] = [0, 1].map((half) => [
        ...[pointers + 4 * from, given.halves + 4 * from, indices, values, count],
        ...[r.byteOffset + 8 * from, out.byteOffset, half],
      ]);
      team.runBoth("transposeHalf", own, other);
    }
    for (let i = 0; i < rows; i++) out[columns] += r[i];
    this.#design.passes++;
  }
}
