import type { MatrixArguments } from "../design";
import { columnsOf } from "./columns";
import type { Model } from "./model";
import { SweptModel } from "./swept-model";
import type { WorkingSet } from "./working-set";

/** The logistic model by columns: rows' residuals move with the weights. */
export class LogisticModel extends SweptModel implements Model {
  readonly idle = false;
  readonly renewal = 0;
  readonly states: readonly Float64Array[];
  readonly #r: Float64Array;
  readonly #columns: MatrixArguments;

  constructor(set: WorkingSet) {
    super(set);
    this.#r = set.design.arena.floats(set.design.rows);
    this.states = [this.#r];
    this.#columns = columnsOf(set);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#r.set(this.#curvature().residuals);
    this.set.diagonal(this.d);
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    const h = this.#curvature().curvatures.byteOffset;
    return kernels.descendLogistic(...this.common(list, count), ...this.#columns, h, this.#r.byteOffset);
  }

  /** With z the change of the margins and r = R + h z: R z + h z^2 / 2 is (r - R) (r + R) / 2 h. */
  value(): number {
    const { residuals, curvatures } = this.#curvature();
    const r = this.#r;
    let sum = 0;
    for (let i = 0; i < r.length; i++) {
      const change = r[i] - residuals[i];
      if (change !== 0) sum += (change * (r[i] + residuals[i])) / curvatures[i];
    }
    return sum / 2;
  }

  #curvature() {
    const curvature = this.set.loss.curvature();
    if (curvature.kind !== "rows") throw new TypeError("not a loss of one output");
    return curvature;
  }
}
