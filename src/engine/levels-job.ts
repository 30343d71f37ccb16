import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { Monitor } from "../train/monitor";
import { answeredHere } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { fitLevelsBy, type LevelsFound } from "./fit-levels";
import type { LevelTask } from "./level-task";
import { PackedAggregates } from "./packed-aggregates";

/** Levels to be fitted to packed rows. */
export interface PackedLevels {
  readonly packed: PackedRows;
  readonly task: LevelTask;
}

/** Does {@link fitLevelsBy} with the rows on disk. */
export const run: ModuleRun = (design: Design, given: never, monitor: Monitor): LevelsFound => {
  const { packed, task } = given as PackedLevels;
  const aggregates = new PackedAggregates(design, packed, task.link === "softmax" ? task.classes : 1);
  try {
    return answeredHere(aggregates.aggregate, fitLevelsBy(task, monitor));
  } finally {
    aggregates.close();
  }
};
