import { checkCancelled, type Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import { type LinearParts, LinearScorer } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import type { FitWarning } from "../model/warning";
import { fitOnSupport } from "../train/support";

/** A model fitted again on its support. */
export interface Repair {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly lambda: number;
  /** The log-loss on the validation rows for each strength; empty where there was but one. */
  readonly tried: readonly { readonly lambda: number; readonly logLoss: number }[];
  /** What the fit that is returned has to say, such as that it did not converge. */
  readonly warnings: readonly FitWarning[];
}

/**
 * Fits the weights in `mask` again, all others staying zero. Of several strengths the one with the smallest log-loss
 * on `validation` is taken, the first of equals; without `validation` a quarter of `data` chooses and the fit that
 * is returned is of all rows.
 * @param data rows whose labels are numbered as the classes of `parts`
 */
export async function repair(
  data: Dataset,
  parts: LinearParts,
  mask: Uint8Array,
  lambdas: readonly number[],
  validation: Dataset | null,
  watch: Watch,
): Promise<Repair> {
  const fitAt = async (rows: Dataset, lambda: number): Promise<Candidate> => {
    checkCancelled(watch.signal, "prune");
    const { weights, intercepts, fit } = await fitOnSupport(
      rows,
      parts,
      mask,
      { lambda, tolerance: 1e-8 },
      { signal: watch.signal },
    );
    return new Candidate({ ...parts, weights, intercepts }, fit.warnings);
  };
  if (lambdas.length === 1) {
    const { weights, intercepts, warnings } = await fitAt(data, lambdas[0]);
    return { weights, intercepts, lambda: lambdas[0], tried: [], warnings };
  }
  const { train, test } = validation === null ? data.split() : { train: data, test: validation };
  const tried: { lambda: number; logLoss: number }[] = [];
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  let chosen = lambdas[0];
  for (const lambda of lambdas) {
    const model = await fitAt(train, lambda);
    const logLoss = meanLogLoss(model, test);
    tried.push({ lambda, logLoss });
    if (best === undefined || logLoss < least) [best, least, chosen] = [model, logLoss, lambda];
    watch.onProgress?.({
      step: "prune",
      done: tried.length,
      total: lambdas.length,
      message: `lambda ${lambda}, validation log-loss ${logLoss.toFixed(4)}`,
    });
  }
  const { weights, intercepts, warnings } = validation === null ? await fitAt(data, chosen) : best!;
  return { weights, intercepts, lambda: chosen, tried, warnings };
}

class Candidate extends LinearScorer {
  readonly stage = "candidate";

  constructor(
    parts: LinearParts,
    readonly warnings: readonly FitWarning[],
  ) {
    super(parts);
  }
}
