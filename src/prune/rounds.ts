import { checkCancelled, type Watch } from "../base/progress";
import type { LinearParts, LinearScorer } from "../model/linear";
import type { Contest } from "./contest";
import { type Cut, cut, exchangedCut, partsOf } from "./cut";
import type { Target } from "./mask";
import type { PrunePlan } from "./options";
import { PrunedModel, type PruneRound } from "./pruned";
import { aliveOf } from "./rank";
import { Candidate, type Repair, repair } from "./repair";
import { memoryRows, type PruneRows } from "./rows";
import { targetsOf } from "./schedule";

/** Prunes to a target by the rounds of the plan's schedule: judge, remove, repair. */
export async function pruneInRounds(
  model: LinearScorer,
  contest: Contest,
  target: Target,
  plan: PrunePlan,
  watch: Watch,
): Promise<PrunedModel> {
  const targets = targetsOf(plan.schedule, aliveOf(contest, model.weights), target);
  let current: LinearScorer = model;
  let own = plan;
  let done: Finished | undefined;
  const rounds: PruneRound[] = [await roundOf(model, plan, Number.NaN, null)];
  const importances = new Float64Array(model.weights.length);
  let predicted = 0;
  for (const [r, each] of targets.entries()) {
    checkCancelled(watch.signal, "prune");
    const last = r === targets.length - 1;
    const found = await cut(current, contest, each, own, watch);
    done = await finish(current, contest, found, last ? own : inPassing(own), watch);
    const { mask, importances: worth, predicted: rise } = done.cut;
    // What the surgeon predicts of a round comes on top of those before.
    const base = rise === null ? 0 : predicted;
    predicted += rise ?? 0;
    current.weights.forEach((w, at) => {
      if (w !== 0) importances[at] = base + worth[at];
    });
    current = new Candidate(done.parts);
    own = { ...own, lambda: done.repaired?.lambda ?? own.lambda };
    const lambda = done.repaired?.lambda ?? null;
    rounds.push(await roundOf(current, plan, thresholdOf(mask, worth), lambda));
    if (!last) report(watch, r + 1, targets.length, rounds[rounds.length - 1]);
  }
  const { cut: last, ...rest } = done!;
  const whole = last.predicted === null ? last : { ...last, predicted };
  return prunedOf(model, { cut: whole, ...rest }, importances, plan, rounds);
}

/** What a cut has become once it is fitted again. */
interface Finished {
  readonly cut: Cut;
  readonly parts: LinearParts;
  readonly repaired: Repair | null;
}

/** Fits a cut again where the plan says so; what `obs` left is first made better by exchanges. */
export async function finish(
  model: LinearScorer,
  contest: Contest,
  given: Cut,
  plan: PrunePlan,
  watch: Watch,
): Promise<Finished> {
  const { refit, rows, strategy } = plan;
  const found =
    refit !== null && strategy === "obs" ? await exchangedCut(model, contest, given, plan, watch) : given;
  const parts = { ...partsOf(model), weights: found.weights, intercepts: found.intercepts };
  if (refit === null) return { cut: found, parts, repaired: null };
  const repaired = await repair(rows!, parts, found.mask, refit, watch);
  const { weights } = repaired;
  // What rests at a bound of zero is as good as removed, and counts as it.
  const mask = parts.bounds ? found.mask.map((on, at) => (weights[at] === 0 ? 0 : on)) : found.mask;
  return {
    cut: { ...found, mask },
    parts: { ...parts, weights, intercepts: repaired.intercepts },
    repaired,
  };
}

/** The model of a cut, and its report. */
export function prunedOf(
  before: LinearScorer,
  { cut: { mask, predicted, warnings }, parts, repaired }: Finished,
  importances: Float64Array,
  plan: PrunePlan,
  rounds: readonly PruneRound[],
): PrunedModel {
  const kept = mask.reduce((sum, m) => sum + m, 0);
  const report = {
    strategy: plan.strategy,
    scope: plan.rules.scope,
    kept,
    removed: before.nonzeros - kept,
    sparsity: 1 - kept / mask.length,
    threshold: thresholdOf(mask, importances),
    refitLambda: repaired?.lambda ?? null,
    lambda: repaired?.lambda ?? plan.lambda,
    tried: repaired?.tried ?? [],
    rounds,
    predicted,
    warnings: [...warnings, ...(repaired?.warnings ?? [])],
  };
  return new PrunedModel(parts, mask, importances, report, before.weights);
}

/** The losses of a model. */
export async function roundOf(
  model: LinearScorer,
  { rows, validation }: PrunePlan,
  threshold: number,
  refitLambda: number | null,
): Promise<PruneRound> {
  const loss = async (own: PruneRows | null) => (own === null ? Number.NaN : await own.logLoss(model));
  const logLoss = await loss(rows);
  const validationLogLoss = await loss(validation && memoryRows(validation));
  return { kept: model.nonzeros, logLoss, validationLogLoss, refitLambda, threshold };
}

/** The smallest importance that is kept. */
export function thresholdOf(mask: Uint8Array, importances: Float64Array): number {
  return importances.reduce(
    (least, worth, at) => (mask[at] === 1 ? Math.min(least, worth) : least),
    Number.POSITIVE_INFINITY,
  );
}

/** Between rounds one strength will do, and no exchanges: the choice is the last refit's. */
function inPassing(plan: PrunePlan): PrunePlan {
  const { refit, lambda, obs } = plan;
  if (refit === null) return plan;
  const { lambdas } = refit;
  const one = lambdas.length === 1 ? lambdas[0] : (lambda ?? lambdas[Math.floor(lambdas.length / 2)]);
  return { ...plan, refit: { ...refit, lambdas: [one] }, obs: { ...obs, exchanges: 0 } };
}

function report({ onProgress }: Watch, done: number, total: number, round: PruneRound): void {
  const loss = Number.isNaN(round.logLoss) ? "" : `, log-loss ${round.logLoss.toPrecision(4)}`;
  onProgress?.({ step: "prune", done, total, message: `${round.kept} weights left${loss}` });
}
