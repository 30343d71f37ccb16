import { listening } from "../../base/ambient-signal";
import { checkCancelled } from "../../base/progress";
import { monitorOf } from "../../train/monitor";
import { answeredBy } from "../aggregate";
import { fitLevelsBy } from "../fit-levels";
import type { SummedTable } from "../summed-rows";
import { largest } from "./cluster-fitter";
import type { ClusterRows } from "./cluster-plan";
import { clusterJudged } from "./judged";
import { refitOnCluster } from "./refit";

/** The bytes that Hessians take here: of as many parameters as the sets of fits have. */
export const mostSquares: number = 8 * 8 * largest ** 2;

/** Fits that share their rounds: to start a round costs more than their sums, until those of many are thrown away. */
const abreast = 8;

/** The rows of a cluster as a table that is summed over: what is wanted at a time is one round. */
export function clusterSums(data: ClusterRows): SummedTable {
  return {
    ...clusterJudged(data),
    room: mostSquares,
    abreast,
    async sums(requests, signal) {
      checkCancelled(signal, "sums");
      const { rounds } = data;
      return await Promise.all(requests.map(({ operation, state }) => rounds.aggregate(operation, state)));
    },
    levels: async (task, watch) =>
      await answeredBy(data.rounds, fitLevelsBy(task, monitorOf(listening(watch), "refit"))),
    refit: async (parts, mask, lambda, rows, signal) =>
      await refitOnCluster(data, parts, mask, lambda, rows, signal),
  };
}
