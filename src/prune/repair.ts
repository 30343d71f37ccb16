import { checkCancelled, type Watch } from "../base/progress";
import { type LinearParts, LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";
import type { RefitPlan } from "./refit-options";
import { memoryRows, type PruneRows } from "./rows";

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
 * the rows. But for validation rows, the fit that is returned is of all rows.
 */
export async function repair(
  given: PruneRows,
  parts: LinearParts,
  mask: Uint8Array,
  { lambdas, validation, folds }: RefitPlan,
  watch: Watch,
): Promise<Repair> {
  if (lambdas.length === 1) {
    const { weights, intercepts, warnings } = await fitAt(given, parts, mask, lambdas[0], watch);
    return { weights, intercepts, lambda: lambdas[0], tried: [], warnings };
  }
  const splits =
    folds !== null || validation === null
      ? await given.splits(folds)
      : [{ train: given, test: memoryRows(validation) }];
  const judging = splits.reduce((sum, { test }) => sum + test.mass, 0);
  const tried: { lambda: number; logLoss: number }[] = [];
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  let chosen = lambdas[0];
  for (const lambda of lambdas) {
    let logLoss = 0;
    let model: Candidate | undefined;
    for (const { train, test } of splits) {
      model = await fitAt(train, parts, mask, lambda, watch);
      logLoss += ((await test.logLoss(model)) * test.mass) / judging;
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
  const last = folds === null && validation !== null ? best! : await fitAt(given, parts, mask, chosen, watch);
  const { weights, intercepts, warnings } = last;
  return { weights, intercepts, lambda: chosen, tried, warnings };
}

async function fitAt(
  rows: PruneRows,
  parts: LinearParts,
  mask: Uint8Array,
  lambda: number,
  { signal }: Watch,
): Promise<Candidate> {
  checkCancelled(signal, "prune");
  const found = await rows.fit(parts, mask, lambda, signal);
  const { weights, intercepts, fit } = found;
  return new Candidate({ ...parts, weights, intercepts }, fit.warnings);
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
