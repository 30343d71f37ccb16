import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";
import { type EvaluateOptions, type Evaluation, evaluationOf, parseEvaluate } from "./evaluate";
import { type Scores, scoresOf } from "./scores";
import { changedLabels, type Interval, lossDifference, type McNemar, mcNemarOf } from "./significance";

/** How a model differs from the first one of a comparison, row by row. */
export interface Difference {
  /** The first model's accuracy subtracted from this one's. */
  readonly accuracy: number;
  /** The rise of the log-loss over the first model's, with its 95 % interval. */
  readonly logLoss: Interval;
  readonly mcNemar: McNemar;
  /** The number of rows that are given another class. */
  readonly changed: number;
  /** How many times fewer bytes than the first model. */
  readonly timesSmaller: number;
}

/** One line of a comparison. */
export interface ComparisonRow {
  readonly name: string;
  readonly evaluation: Evaluation;
  /** Against the first model; `null` in its own line. */
  readonly difference: Difference | null;
}

/** The result of {@link compare}: the models in the order given, each judged by the same rows. */
export class Comparison {
  constructor(
    readonly rows: readonly ComparisonRow[],
    /** The number of rows of data. */
    readonly observations: number,
  ) {}

  /** The line of that name. @throws `invalid-option` where there is none */
  row(name: string): ComparisonRow {
    const names = this.rows.map((row) => row.name).join(", ");
    return (
      this.rows.find((row) => row.name === name) ??
      fail("invalid-option", { thing: "name of a compared model", value: name, expected: `one of ${names}` })
    );
  }
}

/**
 * Judges several models by the same rows, the first being the one that the others are measured against.
 * @throws `missing-option` for no model; else as {@link evaluate}; `invalid-model` where the classes differ
 */
export function compare(
  models: Readonly<Record<string, Scorer>>,
  data: Dataset,
  options: EvaluateOptions = {},
): Comparison {
  const parsed = parseEvaluate(options, "compare");
  const entries = Object.entries(models);
  if (entries.length === 0) fail("missing-option", { thing: "models to compare", expected: "one or more" });
  const [, reference] = entries[0];
  const judged = entries.map(([name, model]) => {
    checkClasses(name, model, reference);
    const scores = scoresOf(model, data);
    return { name, scores, evaluation: evaluationOf(model, data, scores, parsed) };
  });
  const rows = judged.map(({ name, scores, evaluation }, at): ComparisonRow => {
    const first = judged[0];
    const difference = at === 0 ? null : differenceOf(first.scores, first.evaluation, scores, evaluation);
    return { name, evaluation, difference };
  });
  return new Comparison(rows, data.rows);
}

function differenceOf(
  first: Scores,
  firstEvaluation: Evaluation,
  scores: Scores,
  evaluation: Evaluation,
): Difference {
  return {
    accuracy: evaluation.accuracy - firstEvaluation.accuracy,
    logLoss: lossDifference(first, scores),
    mcNemar: mcNemarOf(first, scores),
    changed: changedLabels(first, scores),
    timesSmaller: firstEvaluation.bytes / evaluation.bytes,
  };
}

function checkClasses(name: string, model: Scorer, reference: Scorer): void {
  const same =
    model.classes.length === reference.classes.length &&
    model.classes.every((label, k) => label === reference.classes[k]);
  if (!same) {
    fail("invalid-model", {
      thing: `classes of "${name}"`,
      value: model.classes.join(", "),
      expected: reference.classes.join(", "),
    });
  }
}
