import { mirror } from "./mirror";
import type { Model } from "./model";
import { SweptModel } from "./swept-model";
import type { WorkingSet } from "./working-set";

/** The model by its Hessian, formed in one pass over the rows: sweeps cost nothing of the rows. */
export class GramModel extends SweptModel implements Model {
  readonly idle = true;
  readonly states: readonly Float64Array[];
  readonly #H: Float64Array;
  readonly #q: Float64Array;
  readonly #first: Uint32Array;
  readonly #lists: Float64Array;

  constructor(set: WorkingSet) {
    super(set);
    const { arena, columns } = set.design;
    this.#H = arena.floats(set.size * set.size);
    this.#q = arena.floats(set.size);
    this.states = [this.#q];
    this.#first = arena.integers(columns + 2);
    set.features.forEach((column) => {
      this.#first[column + 1]++;
    });
    for (let c = 0; c <= columns; c++) this.#first[c + 1] += this.#first[c];
    this.#lists = arena.floats(Math.ceil((set.outputs + 2) / 2) + Math.ceil(1.5 * set.size) + 1);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#q.set(g);
    const { design, size, outputs, loss, classes } = this.set;
    const H = this.#H.fill(0);
    const curvature = loss.curvature();
    const [p, shares] =
      curvature.kind === "rows"
        ? [curvature.curvatures.byteOffset, 0]
        : [curvature.probabilities.byteOffset, curvature.shares.byteOffset];
    design.kernels.gram(
      ...design.matrix,
      outputs,
      p,
      shares,
      this.#first.byteOffset,
      classes.byteOffset,
      size,
      H.byteOffset,
      this.#lists.byteOffset,
    );
    mirror(H, size, this.d);
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    return kernels.descendGram(
      ...this.common(list, count),
      this.set.size,
      this.#H.byteOffset,
      this.#q.byteOffset,
    );
  }

  value(): number {
    let sum = 0;
    for (let a = 0; a < this.set.size; a++) sum += (this.g[a] + this.#q[a]) * (this.u[a] - this.start[a]);
    return sum / 2;
  }
}
