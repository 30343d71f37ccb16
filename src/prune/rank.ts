import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { Contest } from "./contest";
import { cut, importancesOf, partsOf, wantedOf } from "./cut";
import { l1Path } from "./l1-path";
import type { Target } from "./mask";
import type { PrunePlan } from "./options";

/**
 * The importances of a model's weights that hold for several amounts, so that their masks need one judgement: `obs` goes on as
 * far as can be, the path of `l1` until as many weights are in as the largest amount keeps.
 * @param largest the amount that keeps the most, or `null` for any
 */
export async function rankingOf(
  model: LinearScorer,
  contest: Contest,
  largest: Target | null,
  plan: PrunePlan,
  watch: Watch,
): Promise<Float64Array> {
  if (plan.strategy === "l1" && plan.l1 === "path") {
    const wanted = largest === null ? Number.POSITIVE_INFINITY : wantedOf(contest, largest);
    return (await l1Path(plan.rows!, partsOf(model), wanted, watch)).importances;
  }
  if (plan.strategy !== "obs") return await importancesOf(model, plan, watch);
  const fewest = new Float64Array(contest.sizes.length).fill(1);
  const kept = new Float64Array(fewest.length);
  contest.pools.forEach((pool, u) => {
    kept[pool] += contest.protects[u];
  });
  const keeps = fewest.map((one, pool) => Math.max(one, kept[pool]));
  return (await cut(model, contest, { keeps }, plan, watch)).importances;
}

/** The units of each pool that have weights. */
export function aliveOf({ starts, members, pools, sizes }: Contest, weights: Float64Array): Float64Array {
  const alive = new Float64Array(sizes.length);
  pools.forEach((pool, u) => {
    for (let m = starts[u]; m < starts[u + 1]; m++) {
      if (weights[members[m]] === 0) continue;
      alive[pool]++;
      break;
    }
  });
  return alive;
}
