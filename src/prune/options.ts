import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { Strategy } from "./importance";
import type { Amount, Scope } from "./mask";

/** How the survivors of a pruning are fitted again: with intercepts, each row by its weight, classes without weights. */
export interface RefitOptions {
  /**
   * The strength of the L2 penalty, at least 0, or several of which the one with the smallest log-loss on
   * `validation` is taken. What suited the full model seldom suits the pruned one: give several.
   */
  readonly lambda: number | readonly number[];
  /** The rows that choose between strengths. Default: a stratified quarter of `data`, held out for the choice. */
  readonly validation?: Dataset;
}

/** How to prune; exactly one of `sparsity`, `threshold` and `keep`. */
export interface PruneOptions {
  /** How the worth of a weight is judged. Default `"magnitude"`. */
  readonly strategy?: Strategy;
  /** The share of weights that are zero afterwards, in [0, 1). */
  readonly sparsity?: number;
  /** Weights that are worth no more than this go; at least 0. */
  readonly threshold?: number;
  /** How many weights stay, at least 1: of the model, of each output, or features, by `scope`. */
  readonly keep?: number;
  /** What competes with what. Default `"feature"` for the strategy `l2`, else `"global"`. */
  readonly scope?: Scope;
  /** The rows for the strategy `gradient` and for a refit. */
  readonly data?: Dataset;
  /** Whether to fit the survivors again on `data`; `true` is at the model's own strength. Default false. */
  readonly refit?: boolean | RefitOptions;
}

/** The complete record that pruning works from. */
export interface PrunePlan {
  readonly strategy: Strategy;
  readonly amount: Amount;
  readonly scope: Scope;
  readonly data: Dataset | null;
  readonly refit: { readonly lambdas: readonly number[]; readonly validation: Dataset | null } | null;
}

/** Completes the options. @param lambda the strength of the model to prune, where it is known */
export function planPruning(options: PruneOptions, lambda: number | null): PrunePlan {
  checkKeys(options, ["strategy", "sparsity", "threshold", "keep", "scope", "data", "refit"], "prune");
  const strategy = checkChoice(options.strategy ?? "magnitude", "strategy", strategies);
  const usual = strategy === "l2" ? "feature" : "global";
  const plan: PrunePlan = {
    strategy,
    amount: amountOf(options),
    scope: checkChoice(options.scope ?? usual, "scope", ["global", "class", "feature"] as const),
    data: options.data ?? null,
    refit: refitOf(options.refit ?? false, lambda),
  };
  if (strategy === "l1" && plan.scope === "feature") {
    fail("invalid-option", {
      thing: "scope",
      value: plan.scope,
      expected: '"global" or "class" for the strategy "l1", which shrinks each weight by itself',
      remedy: 'The strategy "l2" ranks whole features.',
    });
  }
  if (plan.data === null && (strategy === "gradient" || plan.refit !== null)) {
    fail("missing-option", {
      thing: "data",
      expected: strategy === "gradient" ? 'rows for the strategy "gradient"' : "rows for the refit",
    });
  }
  return plan;
}

const strategies = ["magnitude", "l1", "l2", "gradient"] as const;

function amountOf({ sparsity, threshold, keep }: PruneOptions): Amount {
  const given = { sparsity, threshold, keep };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  if (named.length !== 1) {
    fail(named.length === 0 ? "missing-option" : "invalid-option", {
      thing: "amount to prune",
      value: named.length === 0 ? undefined : named.map(([name]) => name).join(" and "),
      expected: "exactly one of sparsity, threshold and keep",
    });
  }
  if (sparsity !== undefined) {
    return { by: "sparsity", sparsity: checkNumber(sparsity, "sparsity", { min: 0, below: 1 }) };
  }
  if (threshold !== undefined) {
    return { by: "threshold", threshold: checkNumber(threshold, "threshold", { min: 0 }) };
  }
  return { by: "keep", keep: checkNumber(keep, "keep", { min: 1, integer: true }) };
}

function refitOf(refit: boolean | RefitOptions, lambda: number | null): PrunePlan["refit"] {
  if (refit === false) return null;
  if (refit === true) {
    if (lambda !== null) return { lambdas: [lambda], validation: null };
    return fail("missing-option", {
      thing: "strength of the refit",
      expected: "refit: { lambda }, since the model does not know the strength that it was fitted with",
    });
  }
  checkKeys(refit, ["lambda", "validation"], "refit");
  const lambdas = Array.isArray(refit.lambda) ? [...refit.lambda] : [refit.lambda];
  if (lambdas.length === 0)
    fail("missing-option", { thing: "refit.lambda", expected: "at least one strength" });
  for (const value of lambdas) checkNumber(value, "refit.lambda", { min: 0 });
  return { lambdas, validation: refit.validation ?? null };
}
