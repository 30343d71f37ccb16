import { shareOf } from "../../folds";
import type { Block } from "./block-room";
import type { MassesTask } from "./messages";
import type { PartSum } from "./part-sum";

/** The weights of the classes in each fold, fold after fold. */
export class MassesSum implements PartSum {
  readonly #task: MassesTask;
  readonly #classes: number;
  readonly #sum: Float64Array;

  constructor(task: MassesTask, classes: number) {
    this.#task = task;
    this.#classes = classes;
    this.#sum = new Float64Array(task.folds * classes);
  }

  add({ rows, first, labels, weights }: Block): void {
    const { folds, seed } = this.#task;
    for (let i = 0; i < rows; i++) {
      for (let fold = 0; fold < folds; fold++) {
        const share = shareOf({ fold, folds, seed, held: true }, first + i, 1);
        this.#sum[fold * this.#classes + labels[i]] += share * weights[i];
      }
    }
  }

  finish(): Float64Array {
    return this.#sum;
  }
}
