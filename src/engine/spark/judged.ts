import { checkCancelled } from "../../base/progress";
import type { FoldedTable } from "../judged-table";
import { batchesOf } from "../packed-judged";
import { type PackedScores, scoreLength } from "../row-scores";
import type { ClusterRows } from "./cluster-plan";
import { KeptFits } from "./kept-fits";
import { pathOnCluster } from "./path";

/** Numbers that go to and come from a partition for models that are judged in one round. */
const roundNumbers = 2 ** 22;

/**
 * The rows of a cluster as a table that is judged by; folds are fitted side by side, so that they share their rounds.
 * @param kept where fits stand; left out, nothing is written down
 */
export function clusterJudged(data: ClusterRows, kept: KeptFits = new KeptFits(null, null)): FoldedTable {
  const { rounds, classes, masses, rows } = data;
  const { columns } = rounds;
  return {
    ...{ classes, masses, rows, columns, together: true },
    foldMasses: async (folds, seed) => await rounds.masses(folds, seed),
    path: async (options, watch, some) => await pathOnCluster(data, options, watch, kept, some),
    async scores(models, part, ranked, { signal }) {
      const each = models[0].weights.length + scoreLength(classes.length, ranked);
      const found: PackedScores[] = [];
      for (const own of batchesOf(models, Math.max(2, Math.floor(roundNumbers / each)))) {
        checkCancelled(signal, "evaluate");
        const scores = await rounds.scores(own, part, ranked);
        found.push(...(found.length === 0 ? scores : scores.slice(1)));
      }
      return found;
    },
  };
}
