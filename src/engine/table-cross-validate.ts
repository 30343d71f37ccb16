import { listening } from "../base/ambient-signal";
import { checkChoice, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Progress, Watch } from "../base/progress";
import type { CrossValidateOptions } from "../evaluate/cross-validate";
import { type MetricName, parseMetric } from "../evaluate/metric";
import { distinctWarnings, type FitWarning } from "../model/warning";
import { CrossValidation, type CrossValidationPoint, pointOf } from "../train/cross-validation-result";
import type { PathOptions } from "../train/path";
import type { PathOutcome } from "../train/path-job";
import type { RegularizationPath } from "../train/regularization-path";
import { denseOf } from "../train/sparse-weights";
import type { FoldedTable, JudgedModel } from "./judged-table";
import { TableEvaluation } from "./table-evaluation";

/** The shares of the whole path and of the folds in the work, for progress. */
const parts = { whole: 0.2, folds: 0.8 };

/** Metrics that sums over rows tell. */
const metrics: Readonly<Record<MetricName, (of: TableEvaluation) => number>> = {
  logLoss: (of) => of.logLoss,
  brier: (of) => of.brier,
  accuracy: (of) => of.accuracy,
  balancedAccuracy: (of) => of.balancedAccuracy,
  f1: (of) => of.f1,
  auc: (of) => of.auc,
};

/** See `PackedTable.crossValidate`. */
export async function crossValidateOn(
  table: FoldedTable,
  options: CrossValidateOptions,
  watch: Watch,
): Promise<CrossValidation> {
  const { folds = 5, metric = "logLoss", choice = "best", l1Ratio, ...rest } = options;
  const started = performance.now();
  const { name, score } = metricOf(metric);
  const taken = checkChoice(choice, "choice", ["best", "oneStandardError"]);
  checkNumber(folds, "folds", { integer: true, min: 2, max: table.rows });
  const ratios = typeof l1Ratio === "object" ? [...new Set(l1Ratio)] : [l1Ratio];
  if (ratios.length === 0) fail("missing-option", { thing: "l1Ratio", expected: "at least one share" });
  const { greaterIsBetter } = parseMetric(name);
  const heard = listening(watch);
  const seed = rest.seed ?? 0;
  const massesOfFolds = await weighFolds(table, folds, checkNumber(seed, "seed", { integer: true }), heard);
  const points: CrossValidationPoint[] = [];
  const paths: RegularizationPath[] = [];
  const outcomes: PathOutcome[] = [];
  for (const [r, ratio] of ratios.entries()) {
    const own: PathOptions = ratio === undefined ? rest : { ...rest, l1Ratio: ratio };
    const tell = part(heard, r / ratios.length, 1 / ratios.length);
    const { path } = await table.path(own, part(tell, 0, parts.whole));
    paths.push(path);
    const share = shared(tell, folds);
    const onFold = async (fold: number): Promise<number[]> => {
      const left = { fold, folds, seed, held: false };
      const masses = table.masses.map((mass, k) => mass - massesOfFolds[fold][k]);
      const some = { part: left, masses, strengths: path.lambdas };
      const { outcome } = await table.path(own, share(fold), some);
      outcomes.push(outcome);
      const models = modelsOf(path, outcome);
      const held = { ...left, held: true };
      const found = await table.scores(models, held, name === "auc", { signal: heard.signal });
      return found.map((sums) => score(new TableEvaluation(sums, table.classes)));
    };
    const scores = await inFolds(folds, table.together, onFold);
    path.steps.forEach(({ lambda, nonzeros }, at) => {
      const own = { lambda, l1Ratio: path.l1Ratio, nonzeros, scores: scores.map((fold) => fold[at]) };
      points.push(pointOf(own));
    });
  }
  const warnings = distinctWarnings([
    ...paths.flatMap((path) => path.warnings),
    ...warningsOfFolds(outcomes),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const outcome = { metric: name, greaterIsBetter, folds, points, choice: taken, seconds, warnings };
  const { chosen } = new CrossValidation({ ...outcome, model: paths[0].steps[0].model });
  const { model } = paths.find((path) => path.l1Ratio === chosen.l1Ratio)!.at(chosen.lambda);
  heard.onProgress?.({ step: "crossValidate", done: 1, total: 1 });
  return new CrossValidation({ ...outcome, model });
}

/** The steps of a fold's path as models to be judged. */
function modelsOf(path: RegularizationPath, { steps }: PathOutcome): JudgedModel[] {
  const { link, threshold } = path.steps[0].model;
  return steps.map(({ weights, intercepts }) => ({
    ...{ link, threshold, intercepts },
    weights: denseOf(weights),
  }));
}

/** Works fold after fold, or on all at a time. */
export async function inFolds<T>(
  folds: number,
  together: boolean,
  work: (fold: number) => Promise<T>,
): Promise<T[]> {
  if (together) return await Promise.all(Array.from({ length: folds }, (_, fold) => work(fold)));
  const found: T[] = [];
  for (let fold = 0; fold < folds; fold++) found.push(await work(fold));
  return found;
}

function metricOf(metric: CrossValidateOptions["metric"]): {
  name: MetricName;
  score: (of: TableEvaluation) => number;
} {
  if (typeof metric === "object") {
    return fail("invalid-option", {
      thing: "metric beyond memory",
      value: metric.name,
      expected: "a name, since a metric of one's own needs the rows in memory",
    });
  }
  const { name } = parseMetric(metric!);
  return { name: name as MetricName, score: metrics[name as MetricName] };
}

async function weighFolds(
  table: FoldedTable,
  folds: number,
  seed: number,
  { signal }: Watch,
): Promise<readonly Float64Array[]> {
  const { classes, masses: all } = table;
  const masses = await table.foldMasses(folds, seed, { signal });
  for (const fold of masses) {
    fold.forEach((mass, k) => {
      if (mass > 0 && all[k] - mass > 0) return;
      fail("invalid-label", {
        thing: "class that a fold has none or all of",
        value: classes[k],
        expected: "rows of every class both in each fold and beside it",
        remedy: "Take fewer folds, leave the class out, or pool it with another.",
      });
    });
  }
  return masses;
}

function warningsOfFolds(outcomes: readonly PathOutcome[]): FitWarning[] {
  const steps = outcomes.flatMap((outcome) => outcome.steps);
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

/** A part of a watch's bar, from `from` on, `share` of it. */
function part({ signal, onProgress }: Watch, from: number, share: number): Watch {
  return {
    signal,
    onProgress: ({ done, total = 1, message }: Progress) =>
      onProgress?.({ step: "crossValidate", done: from + (share * done) / total, total: 1, message }),
  };
}

/** The folds' part of a watch's bar, which each fold has an equal share of. */
function shared({ signal, onProgress }: Watch, folds: number): (fold: number) => Watch {
  const shares = new Float64Array(folds);
  return (fold) => ({
    signal,
    onProgress: ({ done, total = 1, message }: Progress) => {
      shares[fold] = done / total / folds;
      const all = shares.reduce((sum, share) => sum + share, 0);
      const step = "crossValidate";
      onProgress?.({ step, done: parts.whole + parts.folds * all, total: 1, message });
    },
  });
}
