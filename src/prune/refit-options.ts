import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";

/** How the survivors of a pruning are fitted again: with intercepts, each row by its weight, classes without weights. */
export interface RefitOptions {
  /**
   * The strength of the L2 penalty, at least 0, or several of which the one with the smallest log-loss on rows held out is
   * taken. What suited the full model seldom suits the pruned one. Default: nine strengths from a hundredth to a hundred
   * times the model's own, or eleven from 1e-6 to 0.1 where it is unknown or 0.
   */
  readonly lambda?: number | readonly number[];
  /** The rows that choose between strengths. Default: those of `prune`, else a stratified quarter of `data`. */
  readonly validation?: Dataset;
  /** Chooses by so many stratified folds of `data` in place of validation rows; at least 2. */
  readonly folds?: number;
}

/** The complete record of a refit. */
export interface RefitPlan {
  /** One or more; of several the best is taken. */
  readonly lambdas: readonly number[];
  readonly validation: Dataset | null;
  readonly folds: number | null;
}

/** Completes the options of a refit. @param known the strength of the model, where it is known */
export function parseRefit(
  refit: boolean | RefitOptions,
  known: number | null,
  validation: Dataset | null,
): RefitPlan | null {
  if (refit === false) return null;
  if (refit === true) {
    if (known !== null) return { lambdas: [known], validation: null, folds: null };
    return fail("missing-option", {
      thing: "strength of the refit",
      expected: "refit: { lambda }, since the model does not know the strength that it was fitted with",
    });
  }
  checkKeys(refit, ["lambda", "validation", "folds"], "refit");
  const lambdas = strengthsOf(refit.lambda, known);
  const folds =
    refit.folds === undefined ? null : checkNumber(refit.folds, "refit.folds", { min: 2, integer: true });
  if (folds !== null && refit.validation !== undefined) {
    fail("invalid-option", {
      thing: "refit.folds",
      value: folds,
      expected: "either folds or validation rows, not both",
    });
  }
  return { lambdas, validation: folds === null ? (refit.validation ?? validation) : null, folds };
}

function strengthsOf(given: RefitOptions["lambda"], known: number | null): readonly number[] {
  if (given === undefined) {
    if (known !== null && known > 0) return Array.from({ length: 9 }, (_, i) => known * 10 ** ((i - 4) / 2));
    return Array.from({ length: 11 }, (_, i) => 10 ** (-6 + i / 2));
  }
  const lambdas = typeof given === "number" ? [given] : [...given];
  if (lambdas.length === 0) {
    fail("missing-option", { thing: "refit.lambda", expected: "at least one strength" });
  }
  for (const value of lambdas) checkNumber(value, "refit.lambda", { min: 0 });
  return lambdas;
}
