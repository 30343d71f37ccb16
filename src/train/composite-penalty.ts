import type { CompositePenalty, Table } from "./penalties/composite";
import { GroupPenalty } from "./penalties/group";
import { SeparablePenalty } from "./penalties/separable";
import { boundsOf, type PenaltyPlan } from "./penalty-options";

/** The penalty of a plan over a table of parameters, for descent by blocks. */
export function compositePenalty(plan: PenaltyPlan, table: Table): CompositePenalty {
  const { groups, weights } = plan;
  if (groups !== null) return new GroupPenalty(plan, table, groups, weights);
  return new SeparablePenalty(plan, table, weights, boundsOf(plan));
}
