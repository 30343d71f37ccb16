import type { CompositePenalty, Table } from "./penalties/composite";
import { GroupPenalty } from "./penalties/group";
import { SeparablePenalty } from "./penalties/separable";
import type { PenaltyPlan } from "./penalty-options";

/** The penalty of a plan over a table of parameters, for descent by blocks. */
export function compositePenalty(plan: PenaltyPlan, table: Table): CompositePenalty {
  const { groups, lower, upper, weights } = plan;
  if (groups !== null) return new GroupPenalty(plan, table, groups, weights);
  const bounds = lower === null && upper === null ? null : { lower, upper };
  return new SeparablePenalty(plan, table, weights, bounds);
}
