import { checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkShape, isPlain } from "../base/shape";
import type { Dataset } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import type { Interval, Resampling } from "./bootstrap";
import { changeableRows } from "./certificate";
import { type EvaluateOptions, type Evaluation, evaluateKeys, evaluationOf, parseEvaluate } from "./evaluate";
import { type Scores, scoresOf } from "./scores";
import { accuracyDifference, changedLabels, lossDifference, type McNemar, mcNemarOf } from "./significance";
import { type Verdict, verdictOf } from "./verdict";

/** How to compare. */
export interface CompareOptions extends EvaluateOptions {
  /** How often rows are drawn again for intervals. Default 2000. */
  readonly resamples?: number;
  /** The seed of the drawing, an integer. Default 0. */
  readonly seed?: number;
  /** The rise of the log-loss that still counts as no loss, as a share of the first model's. Default 0.01. */
  readonly margin?: number;
}

/** How a model differs from the first one of a comparison, row by row. */
export interface Difference {
  /** The first model's accuracy subtracted from this one's. */
  readonly accuracy: number;
  /** The same with its 95 % interval, a paired bootstrap. */
  readonly accuracyInterval: Interval;
  /** The rise of the log-loss over the first model's, with its 95 % interval, a paired bootstrap. */
  readonly logLoss: Interval;
  /** The test of equal accuracy. */
  readonly mcNemar: McNemar;
  /** The number of rows that are given another class. */
  readonly changed: number;
  /**
   * The number of rows that could be given another class by any changes of the weights as large as these; of all others
   * that is certain not to be (see `changeableRows`).
   */
  readonly changeable: number;
  /** The expected calibration error of the first model and of this one. */
  readonly calibration: { readonly before: number; readonly after: number };
  /** What the rows allow to say; `no loss` means that the log-loss rises by no more than the margin. */
  readonly verdict: Verdict;
  /** How many times fewer bytes than the first model. */
  readonly timesSmaller: number;
}

/** One line of a comparison. */
export interface ComparisonRow {
  /** The name that it was given. */
  readonly name: string;
  /** How it does by itself. */
  readonly evaluation: Evaluation;
  /** Against the first model; `null` in its own line. */
  readonly difference: Difference | null;
}

/** The result of {@link compare}: the models in the order given, each judged by the same rows. */
export class Comparison {
  constructor(
    /** A line a model, in the order given; the first is what the others are held against. */
    readonly rows: readonly ComparisonRow[],
    /** The number of rows of data. */
    readonly observations: number,
    /** The rise of the log-loss that counts as no loss, as a share of the first model's. */
    readonly margin: number = 0.01,
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

shownAs("comparison", Comparison);

/**
 * Judges several models by the same rows, the first being the one that the others are measured against.
 * @throws `missing-option` for no model; else as {@link evaluate}; `invalid-model` where the classes differ
 */
export function compare(
  models: Readonly<Record<string, Scorer>>,
  data: Dataset,
  options: CompareOptions = {},
): Comparison {
  const { resamples, seed, margin, ...parsed } = parseCompare(options);
  const entries = entriesOf(models);
  for (const [name, model] of entries) checkModel(model, `model "${name}"`);
  const [, reference] = entries[0];
  const judged = entries.map(([name, model]) => {
    checkClasses(name, model, reference);
    const scores = scoresOf(model, data);
    return { name, model, scores, evaluation: evaluationOf(model, data, scores, parsed) };
  });
  const [first] = judged;
  const rows = judged.map((other, at): ComparisonRow => {
    const { name, evaluation } = other;
    if (at === 0) return { name, evaluation, difference: null };
    const changeable = changeableRows(first.model, other.model, data, first.scores);
    const most = margin * first.evaluation.logLoss;
    const difference = differenceOf(first, other, { resamples, seed }, most);
    return { name, evaluation, difference: { ...difference, changeable } };
  });
  return new Comparison(rows, data.rows, margin);
}

/** @throws `missing-option` for none, `invalid-option` for a model without a name */
function entriesOf<T>(models: Readonly<Record<string, T>>): [name: string, model: T][] {
  const expected = "models by name, e.g. { before, after }";
  checkShape(models, "models to compare", expected, {});
  if (!isPlain(models)) fail("invalid-option", { thing: "models to compare", value: models, expected });
  const entries = Object.entries(models);
  if (entries.length === 0) fail("missing-option", { thing: "models to compare", expected });
  return entries;
}

interface Judged {
  readonly scores: Scores;
  readonly evaluation: Evaluation;
}

function differenceOf(
  first: Judged,
  second: Judged,
  resampling: Resampling,
  margin: number,
): Omit<Difference, "changeable"> {
  const logLoss = lossDifference(first.scores, second.scores, resampling);
  const mcNemar = mcNemarOf(first.scores, second.scores);
  const changed = changedLabels(first.scores, second.scores);
  return {
    accuracy: second.evaluation.accuracy - first.evaluation.accuracy,
    accuracyInterval: accuracyDifference(first.scores, second.scores, resampling),
    logLoss,
    mcNemar,
    changed,
    calibration: { before: first.evaluation.ece, after: second.evaluation.ece },
    verdict: verdictOf({ logLoss, mcNemar, changed, margin }),
    timesSmaller: first.evaluation.bytes / second.evaluation.bytes,
  };
}

function parseCompare(options: CompareOptions): Required<CompareOptions> {
  checkKeys(options, [...evaluateKeys, "resamples", "seed", "margin"], "compare");
  const { resamples = 2000, seed = 0, margin = 0.01, ...rest } = options;
  return {
    ...parseEvaluate(rest),
    resamples: checkNumber(resamples, "resamples", { integer: true, min: 100, max: 100_000 }),
    seed: checkNumber(seed, "seed", { integer: true }),
    margin: checkNumber(margin, "margin", { min: 0, max: 1 }),
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
