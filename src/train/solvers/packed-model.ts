import { GramModel } from "./gram-model";
import { fillsColumns } from "./six-digits";
import type { WorkingSet } from "./working-set";

/** The model of one output by the Hessian of sparse rows that fill much of their columns, formed from all of these at once. */
export class PackedModel extends GramModel {
  readonly #panels: readonly Float64Array[];
  /** Whether the Hessian is taken to six digits, which serve until columns turn out to be too much alike. */
  #rough = true;

  /** Whether a working set suits it: one whose parameters are its columns and the intercept. */
  static suits({ outputs, size, work, design: { rows, columns } }: WorkingSet): boolean {
    return outputs === 1 && size === columns + 1 && fillsColumns(work, rows, columns);
  }

  constructor(set: WorkingSet) {
    super(set);
    const { arena, columns } = set.design;
    this.#panels = this.blocks.map(() => arena.floats(64 * (columns + 4)));
  }

  protected override form(): void {
    if (this.#rough) {
      this.add("roughProduct", (block, index, h, target) => [
        ...this.set.design.rowsOf(block),
        h + 8 * block.from,
        target,
        this.#panels[index].byteOffset,
      ]);
      this.#rough = this.isSafe() && !this.liesFar();
      if (this.#rough) return;
    }
    super.form();
  }
}
