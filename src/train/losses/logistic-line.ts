import type { Design } from "../design";

/** The logistic loss along a line from a point: what it takes of the rows is two products with the matrix and a number a row each time. */
export class LogisticLine {
  readonly #design: Design;
  readonly #positive: number;
  readonly #margins: Float64Array;
  readonly #moves: Float64Array;
  readonly #sums: Float64Array;

  /** @param positive the number of the class whose probability is modelled */
  constructor(design: Design, positive: number) {
    const { arena, rows } = design;
    this.#design = design;
    this.#positive = positive;
    this.#margins = arena.floats(rows);
    this.#moves = arena.floats(rows);
    this.#sums = arena.floats(2 * design.blocks(1).length);
  }

  /** Sets the line: `w + t p`. */
  set(w: Float64Array, p: Float64Array): void {
    const blocks = this.#design.blocks(1);
    for (const [from, to] of [
      [w, this.#margins],
      [p, this.#moves],
    ]) {
      this.#design.team.run("times", blocks.length, (index) => {
        const block = blocks[index];
        return [...this.#design.rowsOf(block), 1, from.byteOffset, to.byteOffset + 8 * block.from];
      });
    }
  }

  /** The first and the second derivative by `t`. */
  at(t: number): readonly [number, number] {
    const { labels, shares, team } = this.#design;
    const blocks = this.#design.blocks(1);
    team.run("logisticLine", blocks.length, (index) => {
      const { from, to } = blocks[index];
      const rows = [shares, this.#margins, this.#moves].map((view) => view.byteOffset + 8 * from);
      const out = this.#sums.byteOffset + 16 * index;
      return [to - from, labels.byteOffset + 4 * from, this.#positive, ...rows, t, out];
    });
    let slope = 0;
    let bend = 0;
    for (let k = 0; k < this.#sums.length; k += 2) {
      slope += this.#sums[k];
      bend += this.#sums[k + 1];
    }
    return [slope, bend];
  }
}
