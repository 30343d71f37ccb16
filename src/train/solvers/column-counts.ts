import type { Block } from "../blocks";
import type { Design } from "../design";

/** How many stored values columns have in each of some ranges of rows, which threads count, and copy, side by side. */
export class ColumnCounts {
  readonly blocks: readonly Block[];
  readonly #design: Design;
  readonly #counts: readonly Uint32Array[];
  #known = false;

  /** Takes the room, in the design's arena; they are counted when they are first asked for. */
  constructor(design: Design) {
    const { arena, columns } = design;
    this.#design = design;
    this.blocks = design.blocks(columns);
    this.#counts = this.blocks.map(() => arena.integers(columns));
  }

  /** The stored values of a column. */
  of(column: number): number {
    this.#count();
    let sum = 0;
    for (const counts of this.#counts) sum += counts[column];
    return sum;
  }

  /** Where the values of some columns begin that are copied one block of rows after another, and after the last block how many they are. */
  starts(columns: readonly number[]): number[] {
    this.#count();
    const starts = [0];
    this.#counts.forEach((counts, block) => {
      starts.push(columns.reduce((sum, column) => sum + counts[column], starts[block]));
    });
    return starts;
  }

  #count(): void {
    if (this.#known) return;
    const { team } = this.#design;
    team.run("countColumns", this.blocks.length, (index) => [
      ...this.#design.rowsOf(this.blocks[index]),
      this.#counts[index].byteOffset,
    ]);
    this.#known = true;
  }
}
