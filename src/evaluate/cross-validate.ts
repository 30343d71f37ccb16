import { setImmediate } from "node:timers/promises";
import { listening } from "../base/ambient-signal";
import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { checkList, checkShape } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { foldRows, type Parts } from "../matrix/split";
import { LinearModel } from "../model/linear";
import { distinctWarnings, type FitWarning } from "../model/warning";
import { CrossValidation, type CrossValidationChoice, pointOf } from "../train/cross-validation-result";
import { checkEngine } from "../train/engine";
import {
  type PathOptions,
  type PreparedPath,
  pathKeys,
  pathOf,
  pathRemedies,
  preparePath,
} from "../train/path";
import type { PathJobStep, PathOutcome } from "../train/path-job";
import { boundsOf, penaltySummary } from "../train/penalty-options";
import type { RegularizationPath } from "../train/regularization-path";
import { denseOf } from "../train/sparse-weights";
import { runJobs } from "../train/threads/run";
import { type Metric, type MetricName, parseMetric } from "./metric";

/** The options of {@link crossValidate}. */
export interface CrossValidateOptions extends Omit<PathOptions, "l1Ratio"> {
  /** The number of parts of the rows, stratified by class. Default 5. */
  readonly folds?: number;
  /** What the models are chosen by, on rows that they have not seen: a name or one's own. Default `logLoss`. */
  readonly metric?: MetricName | Metric;
  /**
   * `best` takes the best mean score; `oneStandardError` the simplest model within one standard error of it (Breiman
   * et al., 1984). Default `best`.
   */
  readonly choice?: CrossValidationChoice;
  /** For `elasticnet`: one share of L1, or those to choose from. Default 0.5. */
  readonly l1Ratio?: number | readonly number[];
}

/** An engine that cross-validates where data live. */
export interface CrossValidateEngine<Table> {
  /** See {@link crossValidate}. */
  crossValidate(table: Table, options: CrossValidateOptions, watch: Watch): Promise<CrossValidation>;
}

/** What a cross-validation on a table of an engine takes. */
export interface CrossValidateEngineWatch<Table> extends Watch {
  /** Where the table lives, e.g. `duckdb({ memoryLimit: "1GB" })`. */
  readonly engine: CrossValidateEngine<Table>;
}

/** The shares of the folds' work in the whole, for progress. */
const parts = { whole: 0.2, folds: 0.7 };

/**
 * Chooses the strength of a penalty, and the elastic net's share of L1, by rows that the models have not seen: a
 * path over all rows gives the strengths, a path for each fold is scored on the rows left out, folds side by side
 * in threads. The model is that of all rows at the choice.
 * @throws `unknown-option`, `invalid-option`; `invalid-label` for a class of one row; `cancelled`
 */
export function crossValidate(
  data: Dataset,
  options?: CrossValidateOptions,
  watch?: Watch,
): Promise<CrossValidation>;
/** The same for a table where it lives, e.g. on disk. @throws what the engine does */
export function crossValidate<Table>(
  table: Table,
  options: CrossValidateOptions,
  watch: CrossValidateEngineWatch<Table>,
): Promise<CrossValidation>;
export async function crossValidate(
  given: unknown,
  options: CrossValidateOptions = {},
  watching: Watch & { readonly engine?: CrossValidateEngine<never> } = {},
): Promise<CrossValidation> {
  checkKeys(options, ["folds", "metric", "choice", ...pathKeys], "crossValidate", pathRemedies);
  checkShape(watching, "watch of crossValidate", "{ onProgress, signal, engine }", {});
  const { engine, ...watch } = watching;
  if (engine !== undefined) {
    checkEngine(engine, "crossValidate");
    return await engine.crossValidate(given as never, options, watch);
  }
  checkDataset(given);
  const data: Dataset = given;
  const { folds = 5, metric = "logLoss", choice = "best", l1Ratio, ...rest } = options;
  const started = performance.now();
  const judged = parseMetric(metric);
  const taken = checkChoice(choice, "choice", ["best", "oneStandardError"]);
  checkNumber(folds, "folds", { integer: true, min: 2, max: data.rows });
  if (typeof l1Ratio === "object") checkList(l1Ratio, "l1Ratio");
  const ratios = typeof l1Ratio === "object" ? [...new Set(l1Ratio)] : [l1Ratio];
  if (ratios.length === 0) fail("missing-option", { thing: "l1Ratio", expected: "at least one share" });
  const prepared = ratios.map((ratio) =>
    preparePath(data, ratio === undefined ? rest : { ...rest, l1Ratio: ratio }),
  );
  checkFolds(data);
  const heard = listening(watch);
  const tell = (from: number, share: number) => ({
    ...heard,
    onProgress: ({ done, total = 1, message = "" }: { done: number; total?: number; message?: string }) =>
      heard.onProgress?.({ step: "crossValidate", done: from + (share * done) / total, total: 1, message }),
  });
  const paths = await wholePaths(data, prepared, tell(0, parts.whole));
  const rows = foldRows(data.labels, data.classes.length, folds, { seed: prepared[0].settings.seed });
  const found = await foldPaths(data, prepared, paths, rows, tell(parts.whole, parts.folds));
  const scores = await scored(data, prepared, rows, found, judged, tell(parts.whole + parts.folds, 0.1));
  const points = paths.flatMap((path, r) =>
    path.steps.map(({ lambda, nonzeros }, at) =>
      pointOf({ lambda, l1Ratio: path.l1Ratio, nonzeros, scores: scores[r].map((fold) => fold[at]) }),
    ),
  );
  const outcome = {
    metric: judged.name,
    greaterIsBetter: judged.greaterIsBetter,
    folds,
    points,
    choice: taken,
    warnings: distinctWarnings([...paths.flatMap(({ warnings }) => warnings), ...foldWarnings(found)]),
  };
  const model = (at: CrossValidation) =>
    paths.find((path) => path.l1Ratio === at.chosen.l1Ratio)!.at(at.chosen.lambda).model;
  const seconds = (performance.now() - started) / 1000;
  const draft = new CrossValidation({ ...outcome, seconds, model: paths[0].steps[0].model });
  heard.onProgress?.({ step: "crossValidate", done: 1, total: 1 });
  return new CrossValidation({ ...outcome, seconds, model: model(draft) });
}

async function wholePaths(
  data: Dataset,
  prepared: readonly PreparedPath[],
  watch: Watch,
): Promise<RegularizationPath[]> {
  const jobs = prepared.map(({ path }) => ({ kind: "path" as const, path }));
  const outcomes = await runJobs<PathOutcome>(
    rowsOf(data, prepared[0]),
    jobs,
    prepared[0].size,
    watch,
    "path",
  );
  return outcomes.map((outcome, r) => pathOf(data, prepared[r].path.plan, outcome));
}

/** For each ratio, the steps of each fold's path over the strengths of the path of all rows. */
async function foldPaths(
  data: Dataset,
  prepared: readonly PreparedPath[],
  paths: readonly RegularizationPath[],
  folds: readonly Parts[],
  watch: Watch,
): Promise<PathJobStep[][][]> {
  const jobs = prepared.flatMap(({ path, shares }, r) =>
    folds.map(({ test }) => ({
      kind: "path" as const,
      path: { ...path, strengths: paths[r].lambdas, shares: sharesWithout(shares, test), earlyStop: false },
    })),
  );
  const outcomes = await runJobs<PathOutcome>(
    rowsOf(data, prepared[0]),
    jobs,
    prepared[0].size,
    watch,
    "folds",
  );
  return prepared.map((_, r) =>
    outcomes.slice(r * folds.length, (r + 1) * folds.length).map(({ steps }) => [...steps]),
  );
}

/** For each ratio and fold, the score of each step on the rows left out. */
async function scored(
  data: Dataset,
  prepared: readonly PreparedPath[],
  folds: readonly Parts[],
  found: readonly PathJobStep[][][],
  metric: Metric,
  watch: Watch,
): Promise<number[][][]> {
  const scores: number[][][] = prepared.map(() => folds.map(() => []));
  const { classes, featureNames, scale } = data;
  for (const [f, { test }] of folds.entries()) {
    const unseen = data.take(test);
    for (const [r, { path }] of prepared.entries()) {
      const { link, penalty, fitIntercept } = path.plan;
      for (const { lambda, weights, intercepts, fit } of found[r][f]) {
        const model = new LinearModel(
          {
            ...{ classes, featureNames, scale, link, intercepts, fitIntercept },
            weights: denseOf(weights),
            bounds: boundsOf(penalty),
          },
          fit,
          lambda,
          penaltySummary(penalty),
        );
        scores[r][f].push(metric.score(model, unseen));
        await setImmediate();
        checkCancelled(watch.signal, "crossValidate");
      }
    }
    watch.onProgress?.({ step: "crossValidate", done: f + 1, total: folds.length, message: "scoring" });
  }
  return scores;
}

function rowsOf({ features, labels }: Dataset, { shares }: PreparedPath): Parameters<typeof runJobs>[0] {
  return { features, labels, shares };
}

/** How many fits of the folds did not converge, told once. */
function foldWarnings(found: readonly PathJobStep[][][]): FitWarning[] {
  const steps = found.flat(2);
  const failed = steps.filter(({ fit }) => !fit.converged).length;
  if (failed === 0) return [];
  return [
    {
      code: "not-converged",
      message: `${failed} of ${steps.length} fits of the folds did not converge, so their scores are of other models than meant.`,
      remedy: "Raise maxIterations, or take stronger lambdas.",
    },
  ];
}

/** The shares of the rows left when those of a fold are taken out; they sum to one. */
function sharesWithout(shares: Float64Array, test: Uint32Array): Float64Array {
  const left = shares.slice();
  for (const i of test) left[i] = 0;
  const sum = left.reduce((total, share) => total + share, 0);
  return left.map((share) => share / sum);
}

function checkFolds(data: Dataset): void {
  const { counts } = data;
  const single = counts.findIndex((count) => count < 2);
  if (single < 0) return;
  fail("invalid-label", {
    thing: "class of one row in a cross-validation",
    value: data.classes[single],
    expected: "two rows or more of every class, so that each fold leaves one to train on",
    remedy: "Leave the class out, or pool it with another.",
  });
}
