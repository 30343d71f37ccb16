import { CrossProduct } from "../cross-product";
import { HessianModel } from "./hessian-model";
import type { WorkingSet } from "./working-set";

/** The time of a Hessian for each column, beside that of a pass and the sweeps after it, about. */
const perColumn = 1 / 64;

/** The model of one output by the Hessian of dense rows, formed from all their columns at once. */
export class DenseModel extends HessianModel {
  readonly renewal: number;
  // Leaps need no more, and its residuals ahead are of the columns as they are.
  protected override readonly centres = false;
  readonly #square: CrossProduct;
  /** The Hessian with the intercept, where the set has it not. */
  readonly #whole: Float64Array;
  /** Whether the Hessian is taken to six digits, which serve until columns turn out to be too much alike. */
  #rough = true;
  /** The curvatures of the rows by which the Hessian was formed. */
  readonly #h: Float64Array;
  readonly #step: Float64Array;
  sampled = false;

  /** @param set that has its columns dense */
  constructor(set: WorkingSet) {
    super(set);
    const { columns, arena } = set.design;
    this.renewal = perColumn * columns;
    this.#square = new CrossProduct(set.design);
    this.#h = arena.scratch(set.design.rows);
    this.#step = arena.floats(columns + 1);
    this.#whole = set.size === columns + 1 ? this.H : arena.floats((columns + 1) ** 2);
  }

  ahead(out: Float64Array): void {
    const { design, loss, size } = this.set;
    const [, , values, rows, columns] = design.matrix;
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") throw new TypeError("not a loss of one output");
    for (let a = 0; a < size; a++) this.#step[a] = this.u[a] - this.start[a];
    const [step, h, r, to] = [this.#step, this.#h, curvature.residuals, out].map((view) => view.byteOffset);
    design.kernels.aheadResiduals(values, rows, columns, step, h, r, to);
  }

  protected form(stride: number): void {
    this.#h.set(this.#curvatures());
    this.sampled = this.#rough && stride > 1 && this.#formRough(stride);
    if (this.sampled) return;
    this.#rough &&= this.#formRough(1);
    if (this.#rough) return;
    this.#square.add(this.#curvatures(), this.#whole.fill(0));
    this.#take();
  }

  /** Whether six digits serve, of one of `stride` rows. */
  #formRough(stride: number): boolean {
    this.#square.addRough(this.#curvatures(), this.#whole.fill(0), stride);
    this.#take();
    return this.isSafe();
  }

  #curvatures(): Float64Array {
    const curvature = this.set.loss.curvature();
    if (curvature.kind !== "rows") throw new TypeError("not a loss of one output");
    return curvature.curvatures;
  }

  /** Makes the lower triangle whole, without the intercept where the set has it not. */
  #take(): void {
    const { size, design } = this.set;
    const n = design.columns + 1;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        const x = this.#whole[a * n + b];
        this.H[a * size + b] = x;
        this.H[b * size + a] = x;
      }
      this.d[a] = this.H[a * size + a];
    }
  }
}
