import type { Watch } from "../base/progress";
import type { FoldPart } from "./aggregate";
import type { EvaluateTask } from "./evaluate-job";
import type { FoldedTable, JudgedModel } from "./judged-table";
import type { FoldMasses } from "./masses-job";
import { bins, type PackedScores } from "./row-scores";
import { runTableJob } from "./table-jobs";
import { pathOn } from "./table-path";
import type { PlannedTable } from "./table-plan";

/** A packed table as one that is judged by, whose folds take their turns: each has all threads and the room. */
export function packedJudged(table: PlannedTable): FoldedTable {
  const { packed, classes, masses, rows } = table;
  return {
    ...{ classes, masses, rows, columns: packed.columns, together: false },
    scores: async (models, part, ranked, watch) => await scoresOn(table, models, part, ranked, watch),
    path: async (options, watch, some) => await pathOn(table, options, watch, some),
    foldMasses: async (folds, seed, watch) => {
      const task = { packed, classes: classes.length, folds, seed };
      const { columns } = packed;
      return (await runTableJob<FoldMasses>("masses-job", task, columns, 1, watch, "folds")).masses;
    },
  };
}

/** As many models in a pass as there is room for; each is measured against the first. */
async function scoresOn(
  { packed, classes, room }: PlannedTable,
  models: readonly JudgedModel[],
  part: FoldPart | null,
  ranked: boolean,
  watch: Watch,
): Promise<PackedScores[]> {
  const each = 8 * models[0].weights.length * 3 + (ranked ? 32 * bins : 0);
  const most = Math.max(2, Math.floor(room / 2 / each));
  const found: PackedScores[] = [];
  for (const own of batchesOf(models, most)) {
    const plain = own.map(({ weights, intercepts, link, threshold }) => ({
      ...{ link, threshold },
      weights: Float64Array.from(weights),
      intercepts: Float64Array.from(intercepts),
    }));
    const task: EvaluateTask = { packed, models: plain, classes: classes.length, part, ranked };
    const { columns } = packed;
    const scores = await runTableJob<PackedScores[]>("evaluate-job", task, columns, 1, watch, "evaluate");
    found.push(...(found.length === 0 ? scores : scores.slice(1)));
  }
  return found;
}

/** Models in batches of `most` at most, from 2; each after the first has the first of all before its own. */
export function* batchesOf<T>(models: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < models.length; from += from === 0 ? most : most - 1) {
    yield from === 0 ? models.slice(0, most) : [models[0], ...models.slice(from, from + most - 1)];
  }
}
