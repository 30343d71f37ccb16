import type { Kernels } from "../simd/kernels";
import type { Block } from "./blocks";
import type { Design, MatrixArguments } from "./design";

/** Passes of kernels over the rows of a design, each block of rows adding to a vector of its own. */
export class RowPasses {
  readonly blocks: readonly Block[];
  readonly #design: Design;
  readonly #partial: readonly Float64Array[];

  /** @param outputs the numbers a column of the vectors that are added to */
  constructor(design: Design, outputs: number) {
    this.#design = design;
    this.blocks = design.blocks((design.columns + 1) * outputs);
    this.#partial = this.blocks.slice(1).map(() => design.parameters(outputs));
  }

  /**
   * Runs a kernel over all rows, adds what its blocks add to `out`, and returns the sum of its results.
   * @param argumentsOf the kernel's arguments for a block, its part of the matrix and the vector it adds to
   */
  add(
    name: keyof Kernels,
    out: Float64Array,
    argumentsOf: (block: Block, matrix: MatrixArguments, target: number, index: number) => readonly number[],
  ): number {
    const design = this.#design;
    design.passes++;
    for (const partial of this.#partial) partial.fill(0);
    const sum = design.team.run(name, this.blocks.length, (index) => {
      const target = index === 0 ? out : this.#partial[index - 1];
      const block = this.blocks[index];
      return argumentsOf(block, design.rowsOf(block), target.byteOffset, index);
    });
    for (const partial of this.#partial) {
      design.kernels.axpy(out.length, 1, partial.byteOffset, out.byteOffset);
    }
    return sum;
  }
}
