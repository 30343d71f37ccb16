import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { PackedRows } from "./block-layout";
import { BlockPasses } from "./block-passes";
import { shareOf } from "./folds";

/** Folds whose classes are to be weighed. */
interface MassesTask {
  readonly packed: PackedRows;
  readonly classes: number;
  readonly folds: number;
  readonly seed: number;
}

/** The sum of the weights of each class in each fold. */
export interface FoldMasses {
  readonly masses: readonly Float64Array[];
}

/** Does a {@link MassesTask}. */
export const run: ModuleRun = (design: Design, task: never): FoldMasses => {
  const { packed, classes, folds, seed } = task as MassesTask;
  const passes = new BlockPasses(design, packed, new Float64Array(classes).fill(1), 0, false);
  const masses = Array.from({ length: folds }, () => new Float64Array(classes));
  try {
    passes.each("none", (batch) => {
      for (const { rows, first, labels, shares } of batch) {
        for (let i = 0; i < rows; i++) {
          for (let fold = 0; fold < folds; fold++) {
            const part = { fold, folds, seed, held: true };
            const share = shareOf(part, first + i, packed.counted ? shares[i] : 1);
            masses[fold][labels[i]] += share * shares[i];
          }
        }
      }
    });
  } finally {
    passes.close();
  }
  return { masses };
};
