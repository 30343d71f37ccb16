import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { LinearModel } from "../model/linear";
import type { FitWarning } from "../model/warning";

/** The penalties along which a path can be followed. */
export type PathPenalty = "l1" | "l2" | "elasticnet" | "group";

/** One fit of a path. */
export interface PathStep {
  /** The strength of the penalty, on the mean loss. */
  readonly lambda: number;
  /** The share of the penalty that is L1: 1 for L1, 0 for L2. */
  readonly l1Ratio: number;
  /** Weights that are not zero, intercepts left out. */
  readonly nonzeros: number;
  /**
   * 1 - deviance / null deviance on the training rows: 0 for the intercepts alone, 1 where every row is certain and
   * right (glmnet's `%dev`; Friedman, Hastie and Tibshirani, 2010, section 2.5).
   */
  readonly devianceExplained: number;
  /** Mean loss plus penalty. */
  readonly objective: number;
  /** The objective less a proven lower bound of it; `NaN` where none is known. */
  readonly dualityGap: number;
  /** The steps of the solver at this strength. */
  readonly iterations: number;
  /** The model of this strength. */
  readonly model: LinearModel;
}

/** What a {@link RegularizationPath} is made of. */
export interface RegularizationPathParts {
  /** The penalty whose strength falls along the path. */
  readonly penalty: PathPenalty;
  /** The share of the penalty that is L1, from 0 to 1. */
  readonly l1Ratio: number;
  /** The name of each feature. */
  readonly featureNames: FeatureNames;
  /** The classes of every model. */
  readonly classes: readonly Label[];
  /** From the strongest penalty to the weakest. */
  readonly steps: readonly PathStep[];
  /** Seconds in the solver, for all steps. */
  readonly seconds: number;
  /** Why the path ended before its last lambda, as a sentence without a stop; `null` where it did not. */
  readonly endedEarly: string | null;
  /** What the user should know, each with its remedy. */
  readonly warnings: readonly FitWarning[];
}

/** The models of falling penalties, each started from the one before: sparse first, dense last. */
export class RegularizationPath implements RegularizationPathParts {
  /** The penalty whose strength falls along the path. */
  readonly penalty: PathPenalty;
  /** The share of the penalty that is L1, from 0 to 1. */
  readonly l1Ratio: number;
  /** The name of each feature. */
  readonly featureNames: FeatureNames;
  /** The classes of every model. */
  readonly classes: readonly Label[];
  readonly steps: readonly PathStep[];
  readonly seconds: number;
  readonly endedEarly: string | null;
  readonly warnings: readonly FitWarning[];

  /** @throws `empty-data` for no step; `invalid-data` where the lambdas do not fall */
  constructor(parts: RegularizationPathParts) {
    checkShape(parts, "parts of a path", "what regularizationPath returns", {
      steps: "list",
      featureNames: "list",
      classes: "list",
      warnings: "list",
    });
    const { steps } = parts;
    if (steps.length === 0)
      fail("empty-data", { thing: "regularization path", expected: "at least one step" });
    const rising = steps.findIndex(
      ({ lambda }, i) => !(lambda > 0) || (i > 0 && lambda >= steps[i - 1].lambda),
    );
    if (rising >= 0) {
      fail("invalid-data", {
        thing: `lambda of step ${rising} of the path`,
        value: steps[rising].lambda,
        expected: "numbers above 0, each below the one before",
      });
    }
    this.penalty = parts.penalty;
    this.l1Ratio = parts.l1Ratio;
    this.featureNames = parts.featureNames;
    this.classes = parts.classes;
    this.steps = steps;
    this.seconds = parts.seconds;
    this.endedEarly = parts.endedEarly;
    this.warnings = parts.warnings;
  }

  /** The lambdas, the strongest first. */
  get lambdas(): number[] {
    return this.steps.map(({ lambda }) => lambda);
  }

  /**
   * The step of that lambda, to twelve digits.
   * @throws `invalid-option` where there is none, naming the nearest
   */
  at(lambda: number): PathStep {
    const nearest = this.nearest(lambda);
    if (Math.abs(nearest.lambda - lambda) <= 1e-12 * lambda) return nearest;
    return fail("invalid-option", {
      thing: "lambda of the path",
      value: lambda,
      expected: `one of its lambdas; the nearest is ${nearest.lambda}`,
      remedy: "Take path.nearest(lambda), or put lambda among the path's lambdas.",
    });
  }

  /** The step whose lambda is the nearest by ratio; of two as near, the sparser. @throws `invalid-option` unless above 0 */
  nearest(lambda: number): PathStep {
    if (!(lambda > 0 && lambda < Number.POSITIVE_INFINITY)) {
      fail("invalid-option", { thing: "lambda", value: lambda, expected: "a finite number above 0" });
    }
    const distance = (step: PathStep) => Math.abs(Math.log(step.lambda / lambda));
    return this.steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
  }

  /**
   * The step with the most weights among those of at most `nonzeros`; of equals, the one that explains the most.
   * @throws `invalid-option` where every step has more
   */
  largest(nonzeros: number): PathStep {
    const sparse = this.steps.filter((step) => step.nonzeros <= nonzeros);
    if (sparse.length === 0) {
      const fewest = this.steps.reduce(
        (least, step) => Math.min(least, step.nonzeros),
        Number.POSITIVE_INFINITY,
      );
      fail("invalid-option", {
        thing: "number of nonzeros",
        value: nonzeros,
        expected: `at least ${fewest}, the fewest of the path`,
      });
    }
    return sparse.reduce((best, step) => {
      if (step.nonzeros !== best.nonzeros) return step.nonzeros > best.nonzeros ? step : best;
      return step.devianceExplained > best.devianceExplained ? step : best;
    });
  }
}

shownAs("path", RegularizationPath);
