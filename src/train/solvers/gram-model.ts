import type { Block } from "../blocks";
import { HessianModel } from "./hessian-model";
import { mirror } from "./mirror";
import type { WorkingSet } from "./working-set";

/** The time of a margin's exponential and logarithm beside that of a stored value in a pass. */
const perRow = 10;

/** The model by its Hessian, formed in one pass over the rows: sweeps cost nothing of the rows. */
export class GramModel extends HessianModel {
  readonly renewal: number;
  readonly #first: Uint32Array;
  readonly #lists: readonly Float64Array[];
  protected readonly blocks: readonly Block[];
  /** The Hessian, and those of all blocks but the first, which are added to it. */
  readonly #targets: readonly Float64Array[];

  constructor(set: WorkingSet) {
    super(set);
    const { arena, columns } = set.design;
    const { rows } = set.design;
    const work = set.work + rows * set.outputs;
    this.renewal = work / (2 * rows) / (2 + (perRow * rows * set.outputs) / work);
    // Blocks by stored values, but as many as the pairs of these are worth.
    const pairs = (work * work) / (2 * rows);
    this.blocks = set.design.blocks(Math.max(1, (set.size ** 2 * set.design.nonzeros) / pairs));
    this.#targets = this.blocks.map((_, index) => (index === 0 ? this.H : arena.scratch(set.size ** 2)));
    this.#first = arena.integers(columns + 2);
    set.features.forEach((column) => {
      this.#first[column + 1]++;
    });
    for (let c = 0; c <= columns; c++) this.#first[c + 1] += this.#first[c];
    const room = Math.ceil((set.outputs + 2) / 2) + Math.ceil(1.5 * set.size) + 1;
    this.#lists = this.blocks.map(() => arena.floats(room));
  }

  protected form(): void {
    const { design, size, outputs, loss, classes } = this.set;
    const curvature = loss.curvature();
    const shares = curvature.kind === "classes" ? curvature.shares.byteOffset : 0;
    this.add("gram", (block, index, p, target) => [
      ...design.rowsOf(block),
      outputs,
      p + 8 * block.from * outputs,
      shares === 0 ? 0 : shares + 8 * block.from,
      this.#first.byteOffset,
      classes.byteOffset,
      size,
      target,
      this.#lists[index].byteOffset,
    ]);
  }

  /** Each block of rows adds to a Hessian of its own. */
  protected add(
    kernel: "gram" | "roughProduct",
    argumentsOf: (block: Block, index: number, curvatures: number, target: number) => readonly number[],
  ): void {
    const { design, size, loss } = this.set;
    const curvature = loss.curvature();
    const p = (curvature.kind === "classes" ? curvature.probabilities : curvature.curvatures).byteOffset;
    for (const H of this.#targets) H.fill(0);
    design.team.run(kernel, this.blocks.length, (index) =>
      argumentsOf(this.blocks[index], index, p, this.#targets[index].byteOffset),
    );
    const { axpy } = design.kernels;
    for (const H of this.#targets.slice(1)) axpy(H.length, 1, H.byteOffset, this.H.byteOffset);
    mirror(this.H, size, this.d);
  }
}
