import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { soundlyAlignedTo } from "../model/align";
import { checkModel } from "../model/check-model";
import { LinearModel, type LinearScorer } from "../model/linear";
import { pruneToBudget } from "./budget";
import { contestOf } from "./contest";
import { targetOf } from "./mask";
import { type PruneOptions, type PrunePlan, planPruning } from "./options";
import { PrunedModel } from "./pruned";
import { pruneInRounds } from "./rounds";
import { memoryRows, type PruneRows } from "./rows";

/**
 * Judges the weights of a model, removes those that are worth least, and fits the others again where asked: three steps,
 * each seen in the result. Weights that are zero already stay so; pruning a pruned model goes on from there.
 *
 * Strategies, and what a weight is worth by them:
 * - `magnitude`: its size, in the unit in which it was penalised
 * - `l1`: its size, too; survivors are shrunk by the largest importance that was removed, as the proximal step of the L1
 *   penalty does, and weights of just that importance go with it. With `l1: "path"` the strength of the L1 penalty at which
 *   it enters a path of fits to `data`, and survivors have the weights of such a fit
 * - `l2`: the norm of the weights that its feature has for all outputs (group norms; Yuan and Lin, 2006, section 2); with
 *   `decay` after a fit of that strength
 * - `gradient`: |w g|, with the gradient g of the mean log-loss on `data`; next to nothing at the optimum on the same rows
 * - `taylor`: the change of the mean log-loss on `data` by a series of first or second order
 * - `obs`: the rise of the objective once it and all before it are gone, when the others move to where the exact Hessian has
 *   the minimum without them (Hassibi and Stork, 1993); the survivors are moved there. The model is taken to stand at the
 *   minimum of loss and L2 penalty: one of another penalty is fitted again first, `{ sparsity: 0, data, refit: { lambda } }`.
 *   Before a refit the survivors are exchanged for weights that went, as long as the objective falls by more than chance would have it (`obs.exchanges`)
 * - `bestSubset`: whether it is in the set of that size that exchanges make no better, from the best that `magnitude`,
 *   `taylor`, the path of `l1` and `obs` leave (Zhu et al., 2020); survivors have the weights of the fit on the set
 * - `random`: nothing; the control that every other has to beat
 *
 * What a strategy or a refit moves stays within the bounds that the model was fitted within; a weight that comes to rest at
 * zero there counts as removed. `obs` predicts as if there were none.
 *
 * @throws `invalid-option` and `missing-option` for options out of range or where no weight would be left;
 * `missing-column` for a feature that is not there; `invalid-model` where all weights are zero already; `width-mismatch` and
 * `invalid-label` where `data` are of other features or have a class that the model does not know; `not-finite` where features
 * have become so since their matrix was made; `cancelled`
 */
export async function prune(
  model: LinearScorer,
  options: PruneOptions,
  watch: Watch = {},
): Promise<PrunedModel> {
  return await pruneBy(null, model, options, watch);
}

/** The same by rows wherever they are. @param rows `null` for those of `data` */
export async function pruneBy(
  rows: PruneRows | null,
  model: LinearScorer,
  options: PruneOptions,
  watch: Watch,
): Promise<PrunedModel> {
  checkAlive(model);
  const plan = aligned(model, planPruning(options, lambdaOf(model), rows));
  const heard = listening(watch);
  checkCancelled(heard.signal, "prune");
  checkPattern(model, plan);
  const contest = contestOf(model.featureNames, model.outputs, plan.rules);
  const { amount } = plan;
  if (amount.by === "maxBytes" || amount.by === "maxLogLossIncrease") {
    return await pruneToBudget(model, contest, amount, plan, heard);
  }
  return await pruneInRounds(model, contest, targetOf(contest, amount), plan, heard);
}

/** A plan with its rows numbered as the classes of a model. */
export function aligned(model: LinearScorer, plan: PrunePlan): PrunePlan {
  const { refit, validation } = plan;
  const data = plan.data && soundlyAlignedTo(model, plan.data);
  return {
    ...plan,
    data,
    rows: data === null ? plan.rows : memoryRows(data),
    validation: validation && soundlyAlignedTo(model, validation),
    refit: refit && { ...refit, validation: refit.validation && soundlyAlignedTo(model, refit.validation) },
  };
}

/** The strength of the L2 penalty that a model stands at, or `null` where it does not know. */
export function lambdaOf(model: LinearScorer): number | null {
  if (model instanceof LinearModel) return model.lambda * (1 - model.penalty.l1Ratio);
  if (model instanceof PrunedModel) return model.pruning.lambda ?? model.pruning.refitLambda;
  return null;
}

function checkPattern(model: LinearScorer, { amount }: PrunePlan): void {
  if (amount.by !== "pattern" || amount.pattern[1] <= model.features) return;
  fail("invalid-option", {
    thing: "pattern, number of features in a row",
    value: amount.pattern[1],
    expected: `at most ${model.features}, the features of the model`,
  });
}

/** Throws `invalid-model` for a model that can't be pruned. */
export function checkAlive(model: LinearScorer): void {
  checkModel(model, "model to prune");
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
