import type { Kernels } from "../simd/kernels";
import type { Block } from "./blocks";
import type { Design, MatrixArguments } from "./design";

/** Stored values times outputs that a thread works through, some 10 ms, before it looks whether it is to end. */
const longest = 2 ** 22;

/** Passes of kernels over the rows of a design, each block of rows adding to a vector of its own. */
export class RowPasses {
  readonly blocks: readonly Block[];
  readonly #design: Design;
  readonly #partial: readonly Float64Array[];
  /** The blocks of each round: parts of `blocks`, one after another. */
  readonly #rounds: readonly (readonly Block[])[];

  /**
   * @param outputs the numbers a column of the vectors that are added to
   * @param most the work of a call; tests take less than there is
   */
  constructor(design: Design, outputs: number, most: number = longest) {
    this.#design = design;
    this.blocks = design.blocks((design.columns + 1) * outputs);
    const rounds = Math.ceil((design.nonzeros * outputs) / this.blocks.length / most);
    this.#rounds = roundsOf(this.blocks, Math.max(1, rounds));
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
    let sum = 0;
    for (const blocks of this.#rounds) {
      sum += design.team.run(name, blocks.length, (index) => {
        const target = index === 0 ? out : this.#partial[index - 1];
        const block = blocks[index];
        return argumentsOf(block, design.rowsOf(block), target.byteOffset, index);
      });
    }
    for (const partial of this.#partial) {
      design.kernels.axpy(out.length, 1, partial.byteOffset, out.byteOffset);
    }
    return sum;
  }
}

/** Parts each block into as many parts of as many rows. */
function roundsOf(blocks: readonly Block[], count: number): Block[][] {
  return Array.from({ length: count }, (_, round) =>
    blocks.map(({ from, to }) => {
      const bound = (part: number) => from + Math.floor(((to - from) * part) / count);
      return { from: bound(round), to: bound(round + 1) };
    }),
  );
}
