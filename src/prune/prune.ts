import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { alignedTo } from "../model/align";
import { LinearModel, type LinearParts, type LinearScorer } from "../model/linear";
import { importancesOf } from "./importance";
import { type Amount, keepMask, nothingLeft, type Scope } from "./mask";
import { type PruneOptions, type PrunePlan, planPruning } from "./options";
import { PrunedModel } from "./pruned";
import { repair } from "./repair";
import { softThreshold } from "./soft-threshold";

/**
 * Removes the weights that are worth least, and fits the others again where asked. Weights that are zero already
 * stay so; pruning a pruned model goes on from there.
 *
 * With the strategy `l1` the survivors are shrunk by the largest importance that was removed, as the L1 penalty
 * does, and weights of just that importance go with it; a refit undoes the shrinking.
 *
 * @throws `invalid-option` and `missing-option` for options out of range or where no weight would be left;
 * `invalid-model` where all weights are zero already; `width-mismatch` and `invalid-label` where `data` are of
 * other features or have a class that the model does not know
 */
export async function prune(
  model: LinearScorer,
  options: PruneOptions,
  watch: Watch = {},
): Promise<PrunedModel> {
  const lambda = lambdaOf(model);
  checkAlive(model);
  const plan = aligned(model, planPruning(options, lambda));
  const heard = listening(watch);
  checkCancelled(heard.signal, "prune");
  const importances = importancesOf(model, plan.strategy, plan.data);
  const { mask, weights } = removed(model, plan, importances);
  const pruned = { ...partsOf(model), weights };
  const repaired =
    plan.refit === null
      ? null
      : await repair(plan.data!, pruned, mask, plan.refit.lambdas, plan.refit.validation, heard);
  const kept = mask.reduce((sum, m) => sum + m, 0);
  return new PrunedModel({ ...pruned, ...weightsOf(repaired ?? pruned) }, mask, importances, {
    strategy: plan.strategy,
    scope: plan.scope,
    kept,
    removed: model.nonzeros - kept,
    sparsity: 1 - kept / mask.length,
    threshold: importances.reduce(
      (least, worth, at) => (mask[at] ? Math.min(least, worth) : least),
      Number.POSITIVE_INFINITY,
    ),
    refitLambda: repaired?.lambda ?? null,
    lambda: repaired?.lambda ?? lambda,
    tried: repaired?.tried ?? [],
    warnings: repaired?.warnings ?? [],
  });
}

function aligned(model: LinearScorer, plan: PrunePlan): PrunePlan {
  const { data, refit } = plan;
  const validation = refit?.validation;
  return {
    ...plan,
    data: data && alignedTo(model, data),
    refit: refit && { ...refit, validation: validation ? alignedTo(model, validation) : null },
  };
}

/** The strength of the L2 penalty that a model stands at, or `null` where it does not know. */
export function lambdaOf(model: LinearScorer): number | null {
  if (model instanceof LinearModel) return model.lambda * (1 - model.penalty.l1Ratio);
  if (model instanceof PrunedModel) return model.pruning.lambda ?? model.pruning.refitLambda;
  return null;
}

function removed(
  model: LinearScorer,
  { strategy, scope, amount }: PrunePlan,
  importances: Float64Array,
): { mask: Uint8Array; weights: Float64Array } {
  const mask = keepMask(importances, model.outputs, scope, amount);
  if (strategy !== "l1") return { mask, weights: model.weights.map((w, at) => (mask[at] ? w : 0)) };
  const shrunk = softThreshold(
    model.weights,
    thresholdsOf(model, scope, amount, mask, importances),
    model.scale,
  );
  const weights = shrunk.map((w, at) => (mask[at] ? w : 0));
  if (weights.every((w) => w === 0)) nothingLeft(amount);
  return { mask: Uint8Array.from(weights, (w) => Number(w !== 0)), weights };
}

function thresholdsOf(
  { outputs }: LinearScorer,
  scope: Scope,
  amount: Amount,
  mask: Uint8Array,
  importances: Float64Array,
): Float64Array {
  if (amount.by === "threshold") return new Float64Array(outputs).fill(amount.threshold);
  const thresholds = new Float64Array(outputs);
  importances.forEach((worth, at) => {
    if (!mask[at]) thresholds[at % outputs] = Math.max(thresholds[at % outputs], worth);
  });
  return scope === "class" ? thresholds : thresholds.fill(Math.max(...thresholds));
}

function checkAlive(model: LinearScorer): void {
  if (!(model.weights instanceof Float64Array) || !("scale" in model)) {
    fail("invalid-model", {
      thing: "model to prune",
      value: model.stage,
      expected: "a trained or a pruned model: codes can't be pruned",
    });
  }
  const wrong = model.weights.find((w) => !Number.isFinite(w));
  if (wrong !== undefined)
    fail("invalid-model", { thing: "weight", value: wrong, expected: "finite weights" });
  if (model.weights.every((w) => w === 0)) {
    fail("invalid-model", {
      thing: "model to prune",
      value: "all weights zero",
      expected: "a nonzero weight",
    });
  }
}

function partsOf(model: LinearScorer): LinearParts {
  const { classes, link, featureNames, weights, intercepts, scale, fitIntercept } = model;
  return { classes, link, featureNames, weights, intercepts, scale, fitIntercept };
}

type Fitted = Pick<LinearParts, "weights" | "intercepts">;

function weightsOf({ weights, intercepts }: Fitted): Fitted {
  return { weights, intercepts };
}
