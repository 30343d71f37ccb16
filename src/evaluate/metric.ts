import { checkChoice, checkKeys } from "../base/check";
import { fail } from "../base/errors";
import type { Dataset, Label } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";
import { accuracyOf, balancedAccuracyOf, confusionOf, macroF1Of } from "./confusion";
import { brierOf, logLossOf } from "./losses";
import { aucOf, rocCurvesOf } from "./roc";
import { type Scores, scoresOf } from "./scores";

/** The metrics that are known by name. */
export type MetricName = "logLoss" | "brier" | "accuracy" | "balancedAccuracy" | "f1" | "auc";

/** What models are chosen by. */
export interface Metric {
  /** What it is called in tables and charts. */
  readonly name: string;
  /** Whether a greater score is a better one. */
  readonly greaterIsBetter: boolean;
  /** The score of a model on rows that it has not seen. */
  score(model: Scorer, data: Dataset): number;
}

const named: Readonly<
  Record<MetricName, { greaterIsBetter: boolean; of: (scores: Scores, classes: readonly Label[]) => number }>
> = {
  logLoss: { greaterIsBetter: false, of: logLossOf },
  brier: { greaterIsBetter: false, of: brierOf },
  accuracy: { greaterIsBetter: true, of: (scores, classes) => accuracyOf(confusionOf(scores, classes)) },
  balancedAccuracy: {
    greaterIsBetter: true,
    of: (scores, classes) => balancedAccuracyOf(confusionOf(scores, classes)),
  },
  f1: { greaterIsBetter: true, of: (scores, classes) => macroF1Of(confusionOf(scores, classes)) },
  auc: { greaterIsBetter: true, of: (scores, classes) => aucOf(rocCurvesOf(scores, classes)) },
};

/** A metric by its name, or one's own. @throws `invalid-option` */
export function parseMetric(metric: MetricName | Metric): Metric {
  if (typeof metric === "object" && metric !== null) {
    checkKeys(metric, ["name", "greaterIsBetter", "score"], "metric");
    if (typeof metric.score === "function" && typeof metric.greaterIsBetter === "boolean") return metric;
    fail("invalid-option", {
      thing: "metric",
      value: metric,
      expected: "name, greaterIsBetter and a function score(model, data)",
    });
  }
  const name = checkChoice(metric, "metric", Object.keys(named) as MetricName[]);
  const { greaterIsBetter, of } = named[name];
  return { name, greaterIsBetter, score: (model, data) => of(scoresOf(model, data), model.classes) };
}
