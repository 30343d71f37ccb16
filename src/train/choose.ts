import { fail } from "../base/errors";
import { grouped } from "../base/grouped";
import type { SolverName } from "./options";
import type { PenaltyPlan } from "./penalty-options";
import type { Plan } from "./plan";
import { sharedFactorPays } from "./shared-factor";

/** What the choice of a solver looks at. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  readonly dense: boolean;
}

/** A solver and why it was taken, as a clause. */
export interface Choice {
  readonly solver: SolverName;
  readonly reason: string;
}

/** The most parameters whose Hessian is formed and factored at each step. */
const few = 160;

/** Up to so many columns Newton's steps take few products anyway. */
const leastShared = 64;

/** Why a solver is taken that is asked for. */
export const namedReason = "as the option says";
/** Why `prox-newton` is taken. */
export const compositeReason = "the penalty makes weights zero or bounds them";

/** Whether a penalty has corners or bounds, which a smooth solver can't meet. */
export function isComposite({ l1Ratio, name, groups, lower, upper }: PenaltyPlan): boolean {
  return (name !== "none" && l1Ratio > 0) || groups !== null || lower !== null || upper !== null;
}

/**
 * The solver for a plan: the one that is named, or the one that suits penalty and shape.
 * @throws `invalid-option` where the named one can't do it
 */
export function chooseSolver(plan: Plan, shape: Shape): Choice {
  if (plan.solver === "auto") return suited(plan, shape);
  const obstacle = obstacleOf(plan.solver, plan);
  if (obstacle === null) return { solver: plan.solver, reason: namedReason };
  return fail("invalid-option", {
    thing: "solver",
    value: plan.solver,
    expected: `a solver for ${obstacle}: ${suited(plan, shape).solver}`,
    remedy: 'Leave it out, or set it to "auto".',
  });
}

function suited(plan: Plan, { rows, columns, nonzeros, dense }: Shape): Choice {
  if (isComposite(plan.penalty)) {
    return { solver: "prox-newton", reason: compositeReason };
  }
  const outputs = plan.link === "softmax" ? plan.classes : 1;
  if (columns * outputs <= few && dense) {
    return {
      solver: "newton-cholesky",
      reason: `${columns * outputs} weights are few enough to factor their Hessian`,
    };
  }
  if (obstacleOf("dual", plan) === null && columns > 2 * rows && nonzeros > 16 * rows) {
    return { solver: "dual", reason: `${grouped(columns)} columns are far more than ${grouped(rows)} rows` };
  }
  const parts = plan.link === "binary" ? 1 : plan.classes;
  // Without a penalty of every weight there is no gap, and Newton's steps tell the flat directions of separable data apart.
  const held = plan.penalty.name !== "none" && plan.penalty.weights?.includes(0) !== true;
  if (held && columns > leastShared && sharedFactorPays({ rows, columns, nonzeros }, parts)) {
    return {
      solver: "lbfgs",
      reason: `${parts} classes have a Hessian of ${grouped(columns)} columns in common`,
    };
  }
  return { solver: "newton", reason: "it needs the fewest passes over data of this shape" };
}

/** Whether all classes of a plan are fitted in lockstep; else one after another. */
export function together(plan: Plan, shape: Shape): boolean {
  if (plan.link === "binary" || plan.link === "softmax") return true;
  const { solver } = chooseSolver(plan, shape);
  return solver === "newton" || (solver === "lbfgs" && sharedFactorPays(shape, plan.classes));
}

/** What a solver can't do of a plan, or `null`. */
function obstacleOf(solver: SolverName, { penalty, link, mask }: Plan): string | null {
  if (solver === "prox-newton") return null;
  if (isComposite(penalty)) return "a penalty that makes weights zero or bounds them";
  if (solver !== "dual") return null;
  if (link === "softmax") return "softmax";
  if (penalty.name === "none" || penalty.weights?.includes(0)) return "weights without a penalty";
  return mask === null ? null : "a fixed support";
}
