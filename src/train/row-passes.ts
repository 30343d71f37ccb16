import type { Kernels } from "../simd/kernels";
import type { Block } from "./blocks";
import type { Design, MatrixArguments } from "./design";

/** Stored values times outputs that a thread works through, some 10 ms, before it looks whether it is to end. */
const longest = 2 ** 22;
/** Numbers of all blocks' vectors that one call adds up; threads share those of longer ones. */
const added = 2 ** 15;
const mostSlices = 16;
/** The numbers of a line of memory, which no two threads should write to. */
const line = 8;

/** Passes of kernels over the rows of a design, each block of rows adding to a vector of its own. */
export class RowPasses {
  readonly blocks: readonly Block[];
  readonly #design: Design;
  /** The vectors of all blocks but the first, `stride` numbers apart; zeros between passes. */
  readonly #partial: Float64Array;
  readonly #stride: number;
  /** Ranges of their numbers. */
  readonly #slices: readonly Block[];
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
    this.#rounds = rounds <= 1 ? [this.blocks] : roundsOf(this.blocks, rounds);
    const length = (design.columns + 1) * outputs;
    const others = this.blocks.length - 1;
    this.#stride = Math.ceil(length / line) * line;
    this.#partial = design.arena.floats(others * this.#stride);
    this.#slices =
      others === 0 ? [] : slicesOf(length, Math.min(mostSlices, Math.ceil((others * length) / added)));
  }

  /** Whether a pass is one call. */
  get single(): boolean {
    return this.blocks.length === 1 && this.#rounds.length === 1;
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
    const partial = this.#partial.byteOffset;
    const stride = 8 * this.#stride;
    let sum = 0;
    for (const blocks of this.#rounds) {
      sum += design.team.run(name, blocks.length, (index) => {
        const target = index === 0 ? out.byteOffset : partial + (index - 1) * stride;
        const block = blocks[index];
        return argumentsOf(block, design.rowsOf(block), target, index);
      });
    }
    const others = this.blocks.length - 1;
    if (others === 0) return sum;
    design.team.run("addParts", this.#slices.length, (index) => {
      const { from, to } = this.#slices[index];
      return [to - from, others, stride, partial + 8 * from, out.byteOffset + 8 * from];
    });
    return sum;
  }
}

/** Even ranges of the numbers of a vector, each beginning at a line of memory. */
function slicesOf(length: number, count: number): Block[] {
  const bound = (slice: number) =>
    slice === count ? length : line * Math.floor((length * slice) / count / line);
  return Array.from({ length: count }, (_, slice) => ({ from: bound(slice), to: bound(slice + 1) }));
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
