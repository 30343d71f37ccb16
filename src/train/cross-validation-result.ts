import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { LinearModel } from "../model/linear";
import type { FitWarning } from "../model/warning";

/** The scores of one penalty in the folds. */
export interface CrossValidationPoint {
  /** The strength of the penalty. */
  readonly lambda: number;
  /** The share of the penalty that is L1. */
  readonly l1Ratio: number;
  /** The mean of `scores`. */
  readonly mean: number;
  /** The standard error of `mean`: the folds' standard deviation (n - 1) over the root of their number. */
  readonly standardError: number;
  /** One score a fold, of the rows that its model has not seen. */
  readonly scores: readonly number[];
  /** The mean number of weights that are not zero in the models of the folds, or that of a fit to all rows. */
  readonly nonzeros: number;
}

/** Which point a cross-validation takes. */
export type CrossValidationChoice = "best" | "oneStandardError";

/** What a {@link CrossValidation} is made of. */
export interface CrossValidationParts {
  /** The name of what the scores measure, e.g. `logLoss`. */
  readonly metric: string;
  /** Whether a greater score is a better one. */
  readonly greaterIsBetter: boolean;
  /** How many parts the rows were in. */
  readonly folds: number;
  /** The scores of each strength and elastic-net ratio. */
  readonly points: readonly CrossValidationPoint[];
  /** Fitted to all rows with the chosen penalty. */
  readonly model: LinearModel;
  /** The rule that chose among the points. */
  readonly choice: CrossValidationChoice;
  /** Seconds of all fits and scores. */
  readonly seconds: number;
  /** What the user should know, each with its remedy. */
  readonly warnings: readonly FitWarning[];
}

/** The choice of a penalty by rows that the models have not seen, and the model that it gives. */
export class CrossValidation implements CrossValidationParts {
  readonly metric: string;
  /** Whether a greater score is a better one. */
  readonly greaterIsBetter: boolean;
  /** How many parts the rows were in. */
  readonly folds: number;
  /** The scores of each strength and elastic-net ratio. */
  readonly points: readonly CrossValidationPoint[];
  /** The point of the best mean; of equals, the strongest penalty. */
  readonly best: CrossValidationPoint;
  /** See {@link oneStandardErrorOf}. */
  readonly oneStandardError: CrossValidationPoint;
  readonly model: LinearModel;
  /** The rule that chose among the points. */
  readonly choice: CrossValidationChoice;
  readonly seconds: number;
  readonly warnings: readonly FitWarning[];

  /** @throws `invalid-data` where no point has a score in every fold */
  constructor(parts: CrossValidationParts) {
    checkShape(parts, "parts of a cross-validation", "what crossValidate returns", {
      metric: "text",
      points: "list",
      warnings: "list",
    });
    this.metric = parts.metric;
    this.greaterIsBetter = parts.greaterIsBetter;
    this.folds = parts.folds;
    this.points = parts.points;
    this.best = bestOf(parts.points, parts.greaterIsBetter);
    this.oneStandardError = oneStandardErrorOf(parts.points, parts.greaterIsBetter);
    this.model = parts.model;
    this.choice = parts.choice;
    this.seconds = parts.seconds;
    this.warnings = parts.warnings;
  }

  /** The point that was chosen, by which `model` was fitted. */
  get chosen(): CrossValidationPoint {
    return this[this.choice];
  }
}

shownAs("crossValidation", CrossValidation);

/** A point with the mean of its scores and the standard error of it; 0 for one fold. */
export function pointOf(
  parts: Pick<CrossValidationPoint, "lambda" | "l1Ratio" | "scores" | "nonzeros">,
): CrossValidationPoint {
  const { scores } = parts;
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { ...parts, mean, standardError: Math.sqrt(squares / Math.max(n - 1, 1) / n) };
}

/**
 * The point of the best mean; of equals, the strongest penalty. Points whose mean is not finite do not count.
 * @throws `invalid-data` where none is left
 */
export function bestOf(
  points: readonly CrossValidationPoint[],
  greaterIsBetter: boolean,
): CrossValidationPoint {
  const scored = points.filter(({ mean }) => Number.isFinite(mean));
  if (scored.length === 0) {
    fail("invalid-data", {
      thing: "cross-validation",
      value: `${points.length} points`,
      expected: "one at least with a finite score in every fold",
      remedy: "Take fewer folds, or a metric that is defined in each.",
    });
  }
  return scored.reduce((best, point) => {
    const gain = greaterIsBetter ? point.mean - best.mean : best.mean - point.mean;
    return gain > 0 || (gain === 0 && point.lambda > best.lambda) ? point : best;
  });
}

/**
 * The simplest point whose mean is within one standard error of the best (Breiman et al., 1984, section 3.4.3): for
 * each elastic-net ratio the strongest penalty, as glmnet's `lambda.1se`, and of these the one with the fewest weights.
 * @throws as {@link bestOf}
 */
export function oneStandardErrorOf(
  points: readonly CrossValidationPoint[],
  greaterIsBetter: boolean,
): CrossValidationPoint {
  const best = bestOf(points, greaterIsBetter);
  const strongest = new Map<number, CrossValidationPoint>();
  for (const point of points) {
    const loss = greaterIsBetter ? best.mean - point.mean : point.mean - best.mean;
    if (!(loss <= best.standardError)) continue;
    const other = strongest.get(point.l1Ratio);
    if (other === undefined || point.lambda > other.lambda) strongest.set(point.l1Ratio, point);
  }
  const fewest = Math.min(...[...strongest.values()].map(({ nonzeros }) => nonzeros));
  const own = strongest.get(best.l1Ratio) ?? best;
  return own.nonzeros <= fewest
    ? own
    : [...strongest.values()].reduce((least, point) => (point.nonzeros < least.nonzeros ? point : least));
}
