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
import type { FoldMasses } from "./masses-job";
import { scoresOn } from "./table-comparison";
import type { TableEvaluation } from "./table-evaluation";
import { runTableJob } from "./table-jobs";
import { pathOn } from "./table-path";
import type { PlannedTable } from "./table-plan";

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
  table: PlannedTable,
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
  const massesOfFolds = await weighFolds(table, folds, seed, heard);
  const points: CrossValidationPoint[] = [];
  const paths: RegularizationPath[] = [];
  const outcomes: PathOutcome[] = [];
  for (const [r, ratio] of ratios.entries()) {
    const own: PathOptions = ratio === undefined ? rest : { ...rest, l1Ratio: ratio };
    const tell = part(heard, r / ratios.length, 1 / ratios.length);
    const { path } = await pathOn(table, own, part(tell, 0, parts.whole));
    paths.push(path);
    const scores: number[][] = [];
    for (let fold = 0; fold < folds; fold++) {
      const left = { fold, folds, seed, held: false };
      const masses = table.masses.map((mass, k) => mass - massesOfFolds[fold][k]);
      const told = part(tell, parts.whole + (parts.folds * fold) / folds, parts.folds / folds);
      const some = { part: left, masses, strengths: path.lambdas };
      const { outcome } = await pathOn(table, own, told, some);
      outcomes.push(outcome);
      const { link, threshold } = path.steps[0].model;
      const models = outcome.steps.map(({ weights, intercepts }) => ({
        ...{ link, threshold, intercepts },
        weights: denseOf(weights),
      }));
      const judged = await scoresOn(table, models, { ...left, held: true }, { signal: heard.signal });
      scores.push(judged.map(score));
    }
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
  { packed, classes, masses: all }: PlannedTable,
  folds: number,
  seed: number,
  watch: Watch,
): Promise<readonly Float64Array[]> {
  const task = { packed, classes: classes.length, folds, seed: checkNumber(seed, "seed", { integer: true }) };
  const { masses } = await runTableJob<FoldMasses>(
    "masses-job",
    task,
    packed.columns,
    1,
    { signal: watch.signal },
    "folds",
  );
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
