import { fail } from "../../base/errors";
import type { Label } from "../../matrix/dataset";
import type { FeatureNames } from "../../matrix/names";
import { type Choice, compositeReason, isComposite, namedReason } from "../../train/choose";
import { frozenOf } from "../../train/fitter";
import type { Settings } from "../../train/options";
import type { PenaltyPlan } from "../../train/penalty-options";
import type { Plan } from "../../train/plan";
import type { FoldPart, RowLoss } from "../aggregate";
import { outputsOf } from "../block-terms";
import { lossesOf, maskOf, startOf } from "../packed-fitters";
import { planOf, type RowsPlan } from "../table-plan";
import type { FitTask } from "./cluster-fitter";
import type { ClusterRounds } from "./cluster-rounds";

/** Rows on a cluster, packed. */
export interface ClusterRows {
  readonly rounds: ClusterRounds;
  readonly classes: readonly Label[];
  readonly featureNames: FeatureNames;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** The sum of the weights of each class. */
  readonly masses: Float64Array;
  readonly rows: number;
}

/** What fits each output or, where outputs share their rows' loss, all. */
export interface ClusterProblem extends RowsPlan {
  readonly fits: readonly {
    readonly task: FitTask;
    /** Where to start: the weights, then the intercepts. */
    readonly start: Float64Array;
  }[];
}

/**
 * The fits to rows of a cluster, in full.
 * @param masses the sum of the weights of each class, of the rows that count
 * @param mask 1 for each weight that may vary; `null` for all
 * @throws `invalid-option`, `invalid-label`, `invalid-model`
 */
export function clusterProblem(
  { rounds: { columns, curved }, classes, featureNames, scale }: ClusterRows,
  settings: Settings,
  masses: Float64Array,
  part: FoldPart | null,
  mask: Uint8Array | null = null,
): ClusterProblem {
  const data = { columns, classes, featureNames, scale };
  const own = planOf(data, settings, masses, (solver, penalty, softmax) =>
    chosenSolver(solver, penalty, softmax, curved),
  );
  const { factors } = own;
  const plan = { ...own.plan, mask };
  const frozen = (loss: RowLoss, k: number) => {
    const outputs = outputsOf(loss);
    return mask && frozenOf({ ...plan, mask: maskOf(plan, k) }, columns * outputs, outputs);
  };
  const fits = lossesOf(plan).map((loss, k) => ({
    task: {
      task: { loss, factors, part },
      frozen: frozen(loss, k),
      masses: own.masses,
      fitIntercept: plan.fitIntercept,
      stop: plan.stop,
      screened: plan.solver === "lbfgs" && isComposite(plan.penalty),
    },
    start: parametersOf(startOf(plan, k), loss, columns),
  }));
  return { ...own, plan, fits };
}

/** Weights, then intercepts, of a loss. */
export function parametersOf(
  { weights, intercepts }: Plan["start"],
  loss: RowLoss,
  columns: number,
): Float64Array {
  const K = outputsOf(loss);
  const w = new Float64Array((columns + 1) * K);
  if (weights !== null) w.set(weights);
  w.set(intercepts, columns * K);
  return w;
}

function chosenSolver(
  solver: Settings["solver"],
  penalty: PenaltyPlan,
  softmax: boolean,
  curved: boolean,
): Choice {
  const composite = isComposite(penalty);
  const { groups, lower, upper } = penalty;
  // OWL-QN takes sizes of single weights alone.
  const screened = composite && groups === null && lower === null && upper === null && !softmax;
  const able = composite ? ["auto", "prox-newton", ...(screened ? ["lbfgs"] : [])] : ["auto", "lbfgs"];
  if (solver === "auto") {
    return composite && (curved || !screened)
      ? { solver: "prox-newton", reason: compositeReason }
      : { solver: "lbfgs", reason: "rounds over a cluster are what costs" };
  }
  if (able.includes(solver)) return { solver, reason: namedReason };
  return fail("invalid-option", {
    thing: "solver on a cluster",
    value: solver,
    expected: able.map((name) => `"${name}"`).join(", "),
    remedy: "Leave it out.",
  });
}
