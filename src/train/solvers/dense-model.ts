import { CrossProduct } from "../cross-product";
import { HessianModel } from "./hessian-model";
import type { WorkingSet } from "./working-set";

/** The time of a Hessian for each column, beside that of a pass, about. */
const perColumn = 1 / 16;

/** The model of one output by the Hessian of dense rows, formed from all their columns at once. */
export class DenseModel extends HessianModel {
  readonly renewal: number;
  readonly #square: CrossProduct;
  readonly #whole: Float64Array;

  /** @param set that has its columns whole */
  constructor(set: WorkingSet) {
    super(set);
    const { columns, arena } = set.design;
    this.renewal = perColumn * columns;
    this.#square = new CrossProduct(set.design);
    this.#whole = arena.floats((columns + 1) ** 2);
  }

  protected form(): void {
    const { size, features, loss, design } = this.set;
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") throw new TypeError("not a loss of one output");
    const whole = this.#whole.fill(0);
    this.#square.add(curvature.curvatures, whole);
    const n = design.columns + 1;
    for (let a = 0; a < size; a++) {
      const row = features[a] * n;
      for (let b = 0; b <= a; b++) {
        const x = whole[row + features[b]];
        this.H[a * size + b] = x;
        this.H[b * size + a] = x;
      }
      this.d[a] = this.H[a * size + a];
    }
  }
}
