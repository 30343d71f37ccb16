import type { Scorer } from "../model/scorer";
import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { FoldPart } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { BlockPasses } from "./block-passes";
import { addScores, emptyScores, firstAnswers, type PackedScores } from "./row-scores";

/** Models to be judged by packed rows. */
export interface EvaluateTask {
  readonly packed: PackedRows;
  readonly models: readonly Pick<Scorer, "weights" | "intercepts" | "link" | "threshold">[];
  readonly classes: number;
  /** The rows that count, `null` for all. */
  readonly part: FoldPart | null;
  /** Whether histograms are taken, which the AUC needs. */
  readonly ranked: boolean;
}

/** Does an {@link EvaluateTask}: the scores of each model, by one pass for all. */
export const run: ModuleRun = (design: Design, given: never): PackedScores[] => {
  const { packed, classes, models, part, ranked } = given as EvaluateTask;
  const { counted } = packed;
  const K = classes === 2 ? 1 : classes;
  const passes = new BlockPasses(design, packed, new Float64Array(classes).fill(1), K, false);
  passes.weigh(new Float64Array(classes).fill(1), part);
  const tables = models.map(({ weights, intercepts }) => {
    const w = design.parameters(K);
    w.set(weights);
    w.set(intercepts, weights.length);
    return w;
  });
  const all = models.map(() => emptyScores(classes, ranked));
  const first = Array.from({ length: passes.slots }, () => firstAnswers(packed.mostRows));
  design.passes++;
  try {
    passes.each("none", (batch) => {
      tables.forEach((w, m) => {
        design.team.run("times", batch.length, (slot) => {
          const { matrix, kept } = batch[slot];
          return [...matrix, K, w.byteOffset, kept.byteOffset];
        });
        const { link, threshold } = models[m];
        batch.forEach((block, slot) => {
          addScores(block, { classes, link, threshold, counted }, all[m], first[slot], m === 0);
        });
      });
    });
  } finally {
    passes.close();
  }
  return all;
};
