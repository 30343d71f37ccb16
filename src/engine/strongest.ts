import { compositePenalty } from "../train/composite-penalty";
import { frozenOf } from "../train/fitter";
import type { Strongest } from "../train/path-job";
import { withStrength } from "../train/penalty-options";
import { leastRatio } from "../train/strongest";
import type { Aggregation, RowLoss } from "./aggregate";
import { outputsOf } from "./block-terms";
import { maskOf, type PackedProblem, startOf } from "./packed-fitters";

/** The least strength that leaves no weight of output k, and the mean loss of its intercepts alone: one aggregate. */
export function* strongestFor(
  { plan, factors, part }: Pick<PackedProblem, "plan" | "factors" | "part">,
  loss: RowLoss,
  k: number,
  columns: number,
): Aggregation<Strongest> {
  const { penalty } = plan;
  const outputs = outputsOf(loss);
  const parameters = new Float64Array((columns + 1) * outputs);
  parameters.set(startOf(plan, k).intercepts, columns * outputs);
  const state = { loss, parameters, factors, part };
  const at = yield { operation: { kind: "gradient" }, state };
  const unit = withStrength(penalty, 1, Math.max(penalty.l1Ratio, leastRatio));
  const frozen = frozenOf({ ...plan, mask: maskOf(plan, k) }, columns * outputs, outputs);
  const table = { columns, outputs, scale: penalty.scale, frozen };
  return { lambda: compositePenalty(unit, table).ceiling(at.gradient), nullLoss: at.loss };
}

/** The strength of outputs together. */
export function stronger(one: Strongest, other: Strongest): Strongest {
  return { lambda: Math.max(one.lambda, other.lambda), nullLoss: one.nullLoss + other.nullLoss };
}
