import type { Watch } from "../base/progress";
import type { LinearParts, LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";
import { Pace } from "../train/pace";
import { bestSubset, exchanged, type Subset, subsetOf } from "./best-subset";
import type { Contest } from "./contest";
import { freeOf } from "./exchange";
import {
  featureNorms,
  gradientImportances,
  randomImportances,
  scaledMagnitudes,
  taylorImportances,
} from "./importance";
import { l1Path } from "./l1-path";
import { keepMask, nothingLeft, type Target } from "./mask";
import { surgery } from "./obs/obs";
import type { PrunePlan } from "./options";
import { Candidate } from "./repair";
import { softThreshold } from "./soft-threshold";

/** What an exchange has to gain after `obs` in any case, as a share of the objective. */
const leastShare = 1e-4;

/** What is left after a round of pruning, before it is fitted again. */
export interface Cut {
  readonly mask: Uint8Array;
  /** How much each weight was worth; zeros are worth 0. */
  readonly importances: Float64Array;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** See `PruneReport`. */
  readonly predicted: number | null;
  /** What the user should know, each with its remedy. */
  readonly warnings: readonly FitWarning[];
}

/** Judges the weights of a model and removes what is above the target. @param plan with data numbered as the classes */
export async function cut(
  model: LinearScorer,
  contest: Contest,
  target: Target,
  plan: PrunePlan,
  watch: Watch,
): Promise<Cut> {
  switch (plan.strategy) {
    case "obs":
      return await byObs(model, contest, target, plan, watch);
    case "bestSubset":
      return await bySubset(model, contest, target, plan, watch);
    case "l1":
      return plan.l1 === "step"
        ? byStep(model, contest, target, plan)
        : await byPath(model, contest, target, plan, watch);
    default:
      return masked(model, await importancesOf(model, plan, watch), contest, target, plan);
  }
}

/** The importances of a strategy that judges each weight by itself. */
export async function importancesOf(
  model: LinearScorer,
  { strategy, rows, decay, order, rules, seed }: PrunePlan,
  { signal }: Watch,
): Promise<Float64Array> {
  switch (strategy) {
    case "gradient":
      return await gradientImportances(model, rows!);
    case "taylor":
      return await taylorImportances(model, rows!, order);
    case "random":
      return randomImportances(model, seed);
    case "l2": {
      if (decay === null) return featureNorms(scaledMagnitudes(model), model.outputs);
      const mask = Uint8Array.from(model.weights, (w) => Number(w !== 0));
      const found = await rows!.fit(model, mask, decay, signal);
      const sizes = scaledMagnitudes(new Candidate({ ...partsOf(model), ...found }));
      return rules.scope === "global" || rules.scope === "class" ? sizes : featureNorms(sizes, model.outputs);
    }
    default:
      return scaledMagnitudes(model);
  }
}

/** The parts of a model. */
export function partsOf(model: LinearScorer): LinearParts {
  const { classes, link, featureNames, weights, intercepts, scale, fitIntercept, bounds } = model;
  return { classes, link, featureNames, weights, intercepts, scale, fitIntercept, bounds };
}

function masked(
  { weights, intercepts }: LinearScorer,
  importances: Float64Array,
  contest: Contest,
  target: Target,
  { amount }: PrunePlan,
): Cut {
  const mask = keepMask(contest, weights, importances, target, amount);
  const kept = weights.map((w, at) => (mask[at] === 1 ? w : 0));
  return { mask, importances, weights: kept, intercepts, predicted: null, warnings: [] };
}

function byStep(model: LinearScorer, contest: Contest, target: Target, plan: PrunePlan): Cut {
  const importances = scaledMagnitudes(model);
  const { mask } = masked(model, importances, contest, target, plan);
  const { pools, protects } = contest;
  const thresholds = new Float64Array(contest.sizes.length);
  if ("threshold" in target) thresholds.fill(target.threshold);
  else {
    importances.forEach((worth, at) => {
      if (mask[at] === 0) thresholds[pools[at]] = Math.max(thresholds[pools[at]], worth);
    });
  }
  const each = Float64Array.from(pools, (pool, at) => (protects[at] === 1 ? 0 : thresholds[pool]));
  const shrunk = softThreshold(model.weights, each, model.scale, model.outputs);
  const weights = shrunk.map((w, at) => (mask[at] === 1 ? w : 0));
  if (weights.every((w) => w === 0)) nothingLeft(plan.amount);
  const kept = Uint8Array.from(weights, (w) => Number(w !== 0));
  return { mask: kept, importances, weights, intercepts: model.intercepts, predicted: null, warnings: [] };
}

async function byPath(
  model: LinearScorer,
  contest: Contest,
  target: Target,
  plan: PrunePlan,
  watch: Watch,
): Promise<Cut> {
  const path = await l1Path(plan.rows!, partsOf(model), wantedOf(contest, target), watch);
  const { mask, importances } = masked(model, path.importances, contest, target, plan);
  const stays = new Uint8Array(mask.length);
  contest.protects.forEach((on, u) => {
    for (let m = contest.starts[u]; m < contest.starts[u + 1]; m++) stays[contest.members[m]] = on;
  });
  // What is protected and not in the path has the weight that it had.
  const weights = path.weights.map((w, at) => {
    if (mask[at] === 0) return 0;
    return w === 0 && stays[at] === 1 ? model.weights[at] : w;
  });
  if (weights.every((w) => w === 0)) nothingLeft(plan.amount);
  const kept = Uint8Array.from(weights, (w) => Number(w !== 0));
  return { mask: kept, importances, weights, intercepts: path.intercepts, predicted: null, warnings: [] };
}

/** How many weights a path has to let in for a target: as many as stay, where all compete with all. */
export function wantedOf({ members, starts, sizes, protects }: Contest, target: Target): number {
  const single = members.length === starts.length - 1 && sizes.length === 1 && !protects.includes(1);
  return single && "keeps" in target ? target.keeps[0] : Number.POSITIVE_INFINITY;
}

async function byObs(
  model: LinearScorer,
  contest: Contest,
  target: Target,
  { amount, rows, lambda, obs }: PrunePlan,
  watch: Watch,
): Promise<Cut> {
  const pace = new Pace(watch, "prune");
  const { ridge, ...found } = await surgery(rows!, partsOf(model), contest, target, lambda!, obs, pace);
  if (!found.mask.includes(1)) nothingLeft(amount);
  const singular: FitWarning = {
    code: "singular-information",
    message: `The Hessian is singular: columns depend on each other, and lambda is ${lambda}. ${ridge} of its diagonal were added, so that they share.`,
    remedy: "Raise lambda.",
  };
  return { ...found, warnings: ridge > 0 ? [singular] : [] };
}

/** From the best of what the others leave. */
async function bySubset(
  model: LinearScorer,
  contest: Contest,
  target: Target,
  plan: PrunePlan,
  watch: Watch,
): Promise<Cut> {
  const rows = plan.rows!;
  const lambda = plan.lambda!;
  let best: Subset | undefined;
  const all: readonly Partial<PrunePlan>[] = [
    { strategy: "magnitude" },
    { strategy: "taylor", order: 2 },
    { strategy: "l1", l1: "path" },
    { strategy: "obs" },
  ];
  for (const other of all) {
    const { mask, weights } = await cut(model, contest, target, { ...plan, ...other }, watch);
    const found = await subsetOf(rows, { ...partsOf(model), weights }, mask, lambda, watch);
    if (best === undefined || found.objective < best.objective) best = found;
  }
  const free = freeOf(contest, model.weights)!;
  const unlimited = { exchanges: Number.POSITIVE_INFINITY, leastShare: 1e-9, leastGain: 0 };
  const exchanges = { ...plan.obs, ...unlimited, lambda };
  const { mask, parts } = await bestSubset(rows, best!, free, exchanges, watch);
  const worth = scaledMagnitudes(new Candidate(parts));
  return {
    mask,
    importances: worth,
    weights: parts.weights,
    intercepts: parts.intercepts,
    predicted: null,
    warnings: [],
  };
}

/**
 * A cut of `obs` with its weights exchanged until no exchange that the quadratic model likes gains enough. What has entered
 * counts as worth as much as the least of what stayed, what has left as little as the most of what went.
 */
export async function exchangedCut(
  model: LinearScorer,
  contest: Contest,
  found: Cut,
  { rows, lambda, obs }: PrunePlan,
  watch: Watch,
): Promise<Cut> {
  const free = freeOf(contest, model.weights);
  if (free === null || obs.exchanges === 0 || found.mask.every((on, at) => on === free.eligible[at])) {
    return found;
  }
  const parts = { ...partsOf(model), weights: found.weights, intercepts: found.intercepts };
  const start = await subsetOf(rows!, parts, found.mask, lambda!, watch);
  const leastGain = obs.leastGain / rows!.mass;
  const exchanges = { ...obs, lambda: lambda!, leastShare, leastGain };
  const better = await exchanged(rows!, start, free, exchanges, watch);
  const { mask } = better;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  found.importances.forEach((worth, at) => {
    if (found.mask[at] === 1) least = Math.min(least, worth);
    else most = Math.max(most, worth);
  });
  const importances = found.importances.map((worth, at) => {
    if (mask[at] === found.mask[at]) return worth;
    return mask[at] === 1 ? least : Math.min(worth, most);
  });
  const { weights, intercepts } = better.parts;
  return { ...found, mask, importances, weights, intercepts };
}
