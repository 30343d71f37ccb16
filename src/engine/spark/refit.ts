import { checkLength } from "../../base/check";
import type { LinearParts } from "../../model/linear";
import { compositePenalty } from "../../train/composite-penalty";
import { frozenOf } from "../../train/fitter";
import { monitorOf } from "../../train/monitor";
import { ridge } from "../../train/penalty-options";
import type { Plan } from "../../train/plan";
import type { SupportFit } from "../../train/support";
import { answeredBy } from "../aggregate";
import { outputsOf } from "../block-terms";
import { lossesOf, maskOf, startOf } from "../packed-fitters";
import { shrink } from "../shrink";
import type { RowsPart } from "../summed-rows";
import { factorsOf } from "../table-plan";
import { emptyDesign, freeOf, largest } from "./cluster-fitter";
import { type ClusterRows, parametersOf } from "./cluster-plan";
import { ChosenRounds } from "./cluster-rounds";
import { joinedOf, solutionOf } from "./fit";

const reason = "a fixed support, whose Hessian a round adds up";

/**
 * Fits the weights where `mask` is 1 again to rows of a cluster, from the model's, as `fitOnSupport` does to rows in memory: by
 * Newton steps of two rounds each, of which the support's sums alone go over the network.
 * @throws `length-mismatch`, `failed`, `cancelled`
 */
export async function refitOnCluster(
  { rounds, classes }: ClusterRows,
  model: LinearParts,
  mask: Uint8Array,
  lambda: number,
  { part, masses }: RowsPart,
  signal?: AbortSignal,
): Promise<SupportFit> {
  checkLength(mask.length, model.weights.length, "mask");
  const { link, scale, fitIntercept = true, bounds = null } = model;
  const { columns } = rounds;
  const factors = factorsOf(classes, masses, null);
  const penalty = ridge(lambda, scale, bounds);
  const weights = model.weights.map((w, at) => (mask[at] === 1 ? w : 0));
  const plan: Plan = {
    ...{ penalty, link, fitIntercept, mask, seed: 0, classes: classes.length, solver: "prox-newton" },
    start: { weights, intercepts: model.intercepts },
    stop: { tolerance: 1e-8, maxIterations: 100 },
  };
  const shares = masses.map((mass, k) => mass * factors[k]);
  const solutions = lossesOf(plan).map(async (loss, k) => {
    const outputs = outputsOf(loss);
    const own = { ...plan, mask: maskOf(plan, k) };
    const frozen = frozenOf(own, columns * outputs, outputs);
    const w = parametersOf(startOf(plan, k), loss, columns);
    const chosen = new ChosenRounds(rounds);
    chosen.choose(freeOf(frozen!, columns * outputs));
    const problem = {
      ...{ loss, largest, masses: shares, freeIntercepts: fitIntercept, design: emptyDesign(columns) },
      penalty: compositePenalty(penalty, { columns, outputs, scale, frozen }),
      state: (parameters: Float64Array) => ({ loss, factors, part, parameters }),
    };
    const monitor = monitorOf(signal === undefined ? {} : { signal }, "refit");
    const found = await answeredBy(chosen, shrink(problem, w, plan.stop, monitor));
    const outcome = { ...found, w, rounds: chosen.count, solver: "prox-newton" } as const;
    return solutionOf(outcome, { plan, solverReason: reason });
  });
  return joinedOf(await Promise.all(solutions));
}
