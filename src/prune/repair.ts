import { checkCancelled, type Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import { type LinearParts, LinearScorer } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import type { FitWarning } from "../model/warning";
import { fitOnSupport } from "../train/support";
import type { RefitPlan } from "./refit-options";

/** A model fitted again on its support. */
export interface Repair {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly lambda: number;
  /** The log-loss on rows held out for each strength; empty where there was but one. */
  readonly tried: readonly { readonly lambda: number; readonly logLoss: number }[];
  /** What the fit that is returned has to say, such as that it did not converge. */
  readonly warnings: readonly FitWarning[];
}

/**
 * Fits the weights in `mask` again, all others staying zero. Of several strengths the one with the smallest log-loss
 * on rows held out is taken, the first of equals: on `validation`; in folds, each row judged once; or on a quarter of
 * `data`. But for validation rows, the fit that is returned is of all rows.
 * @param data rows whose labels are numbered as the classes of `parts`
 */
export async function repair(
  data: Dataset,
  parts: LinearParts,
  mask: Uint8Array,
  { lambdas, validation, folds }: RefitPlan,
  watch: Watch,
): Promise<Repair> {
  if (lambdas.length === 1) {
    const { weights, intercepts, warnings } = await fitAt(data, parts, mask, lambdas[0], watch);
    return { weights, intercepts, lambda: lambdas[0], tried: [], warnings };
  }
  const splits =
    folds !== null
      ? data.folds(folds)
      : [validation === null ? data.split() : { train: data, test: validation }];
  const tried: { lambda: number; logLoss: number }[] = [];
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  let chosen = lambdas[0];
  for (const lambda of lambdas) {
    let logLoss = 0;
    let model: Candidate | undefined;
    for (const { train, test } of splits) {
      model = await fitAt(train, parts, mask, lambda, watch);
      logLoss +=
        (meanLogLoss(model, test) * massOf(test)) / splits.reduce((sum, s) => sum + massOf(s.test), 0);
    }
    tried.push({ lambda, logLoss });
    if (best === undefined || logLoss < least) [best, least, chosen] = [model, logLoss, lambda];
    watch.onProgress?.({
      step: "prune",
      done: tried.length,
      total: lambdas.length,
      message: `lambda ${lambda.toPrecision(3)}, validation log-loss ${logLoss.toFixed(4)}`,
    });
  }
  const last = folds === null && validation !== null ? best! : await fitAt(data, parts, mask, chosen, watch);
  const { weights, intercepts, warnings } = last;
  return { weights, intercepts, lambda: chosen, tried, warnings };
}

async function fitAt(
  rows: Dataset,
  parts: LinearParts,
  mask: Uint8Array,
  lambda: number,
  { signal }: Watch,
): Promise<Candidate> {
  checkCancelled(signal, "prune");
  const found = await fitOnSupport(rows, parts, mask, { lambda, tolerance: 1e-8 }, { signal });
  const { weights, intercepts, fit } = found;
  return new Candidate({ ...parts, weights, intercepts }, fit.warnings);
}

/** The sum of the rows' weights. */
export function massOf({ weights, rows }: Dataset): number {
  return weights === null ? rows : weights.reduce((sum, w) => sum + w, 0);
}

/** A linear model on the way to a pruned one, so that it can be judged. */
export class Candidate extends LinearScorer {
  readonly stage = "candidate";

  constructor(
    parts: LinearParts,
    readonly warnings: readonly FitWarning[] = [],
  ) {
    super(parts);
  }
}
