import type { MatrixArguments } from "../design";
import { columnsOf } from "./columns";
import type { Model } from "./model";
import { SweptModel } from "./swept-model";
import type { WorkingSet } from "./working-set";

/** The multinomial model by columns: the margins' changes move with the weights. */
export class SoftmaxModel extends SweptModel implements Model {
  readonly idle = false;
  readonly renewal = 0;
  readonly states: readonly Float64Array[];
  readonly #y: Float64Array;
  readonly #mean: Float64Array;
  readonly #columns: MatrixArguments;

  constructor(set: WorkingSet) {
    super(set);
    const { arena, rows } = set.design;
    this.#y = arena.floats(rows * set.outputs);
    this.#mean = arena.floats(rows);
    this.states = [this.#y, this.#mean];
    this.#columns = columnsOf(set);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#y.fill(0);
    this.#mean.fill(0);
    this.set.diagonal(this.d);
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { design, outputs, features, classes } = this.set;
    const { shares, probabilities } = this.#curvature();
    return design.kernels.descendSoftmax(
      ...this.common(list, count),
      ...this.#columns,
      outputs,
      features.byteOffset,
      classes.byteOffset,
      shares.byteOffset,
      probabilities.byteOffset,
      this.g.byteOffset,
      this.#y.byteOffset,
      this.#mean.byteOffset,
    );
  }

  value(): number {
    const { shares, probabilities: p } = this.#curvature();
    const K = this.set.outputs;
    const y = this.#y;
    let sum = 0;
    for (let i = 0; i < shares.length; i++) {
      if (!(shares[i] > 0)) continue;
      let square = 0;
      for (let at = i * K; at < (i + 1) * K; at++) square += p[at] * y[at] * y[at];
      sum += (square - this.#mean[i] * this.#mean[i]) / shares[i];
    }
    sum /= 2;
    for (let a = 0; a < this.set.size; a++) sum += this.g[a] * (this.u[a] - this.start[a]);
    return sum;
  }

  #curvature() {
    const curvature = this.set.loss.curvature();
    if (curvature.kind !== "classes") throw new TypeError("not a loss of many outputs");
    return curvature;
  }
}
