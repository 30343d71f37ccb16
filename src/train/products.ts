import type { Design } from "./design";
import { RowPasses } from "./row-passes";

/** Products of a design's matrix with vectors, done by all threads of its team. */
export class Products {
  readonly #design: Design;
  readonly #passes: RowPasses;

  constructor(design: Design) {
    this.#design = design;
    this.#passes = new RowPasses(design, 1);
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
    this.#passes.add("transposeTimes", out, ({ from }, rows, target) => [
      ...rows,
      1,
      r.byteOffset + 8 * from,
      target,
    ]);
  }
}
