import { availableParallelism } from "node:os";
import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { LinearModel } from "../model/linear";
import { type PenaltyOptions, type PenaltySettings, parsePenalty, penaltyKeys } from "./penalty-options";
import type { ClassWeight } from "./shares";

/** The solvers that a fit can have. */
export type SolverName = "newton" | "prox-newton" | "dual" | "newton-cholesky" | "lbfgs";

const solvers: readonly SolverName[] = ["newton", "prox-newton", "dual", "newton-cholesky", "lbfgs"];

/** How more than two classes are modelled: the multinomial model, or one sigmoid a class. */
export type Multiclass = "softmax" | "ovr";

/** The options of `LogisticRegression`. */
export interface LogisticRegressionOptions extends PenaltyOptions {
  /**
   * For more than two classes: `softmax` is the multinomial model, `ovr` one sigmoid a class against all others, whose
   * penalties, groups among them, are each its own. Two classes are one output whatever it is. Default `softmax`.
   */
  readonly multiclass?: Multiclass;
  /**
   * When to stop: the duality gap relative to the objective; without a penalty, which has no dual bound, the
   * gradient's norm relative to that at the start. Above 0 and below 1; rounding ends most fits at 1e-12 to 1e-10.
   * Default 1e-6.
   */
  readonly tolerance?: number;
  /**
   * The most iterations of the solver: Newton steps, epochs of `dual`, directions of `lbfgs`, ten of them where the
   * solver is not named, when as many Newton steps may follow the epochs of an ascent that is given up; for each class by itself where `multiclass` is `ovr` and classes are not fitted together. A fit that ends there carries the warning `not-converged`. An integer from 1. Default 100.
   */
  readonly maxIterations?: number;
  /**
   * Weights for the classes, by which those of the rows (`Dataset.weights`) are multiplied: `balanced` makes all classes
   * weigh the same in sum, a record names weights above 0, 1 for classes that it leaves out. Default: all one.
   */
  readonly classWeight?: ClassWeight;
  /** Whether there are intercepts, which no penalty touches; the model remembers it for refits. Default true. */
  readonly fitIntercept?: boolean;
  /**
   * A trained model of the same features, classes and link to start from. A pruned or quantized one is refused, since a fit
   * would free its zeros again: prune or quantize with a refit instead. Default: zeros.
   */
  readonly warmStart?: LinearModel;
  /**
   * `auto` takes the solver that suits penalty and shape, and the fit's report says why; where that is `dual` and its end is far
   * after 30 epochs, `newton` goes on from there. By name: `newton`, trust-region
   * Newton; `newton-cholesky` for few columns; `dual`, dual coordinate descent for two classes or `ovr` and the
   * penalty `l2`; `lbfgs`; `prox-newton` for every penalty. Default `auto`.
   */
  readonly solver?: "auto" | SolverName;
  /**
   * How many threads compute, from 1; the result does not depend on it, bit for bit. Small data are fitted on the
   * caller's thread. Default: as many as the machine has cores.
   */
  readonly threads?: number;
  /** An integer, of the order in which `dual` takes rows; other solvers have no chance in them. Default 0. */
  readonly seed?: number;
}

/** The options, complete. */
export interface Settings {
  readonly penalty: PenaltySettings;
  readonly multiclass: Multiclass;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly classWeight: ClassWeight | null;
  readonly fitIntercept: boolean;
  readonly warmStart: LinearModel | null;
  readonly solver: "auto" | SolverName;
  readonly threads: number;
  readonly seed: number;
}

/** The names of the options. */
export const estimatorKeys: readonly (keyof LogisticRegressionOptions)[] = [
  ...penaltyKeys,
  "multiclass",
  "tolerance",
  "maxIterations",
  "classWeight",
  "fitIntercept",
  "warmStart",
  "solver",
  "threads",
  "seed",
];

/** What users of other libraries write that has no place of its own here. */
export const estimatorRemedies: Readonly<Record<string, string>> = {
  C: "Its place has lambda: 1 / (n C) for n rows.",
  alpha:
    "Its place has lambda, the strength of the penalty beside the mean loss of a row; glmnet's share of L1 is l1Ratio.",
  sampleWeight: "The weights of rows are the data's: Dataset.from({ features, labels, weights }).",
  sample_weight: "The weights of rows are the data's: Dataset.from({ features, labels, weights }).",
};

/** Checks options and fills in what is left out. @throws `unknown-option`, `invalid-option` */
export function parseOptions(options: LogisticRegressionOptions): Settings {
  checkKeys(options, estimatorKeys, "LogisticRegression", estimatorRemedies);
  const { multiclass = null, fitIntercept = null, solver = null, seed = null } = options;
  const { tolerance, maxIterations } = parseStop(options);
  return {
    penalty: parsePenalty(options),
    multiclass: multiclass === null ? "softmax" : checkChoice(multiclass, "multiclass", ["softmax", "ovr"]),
    tolerance,
    maxIterations,
    classWeight: parseClassWeight(options.classWeight),
    fitIntercept: fitIntercept === null ? true : checkBoolean(fitIntercept, "fitIntercept"),
    warmStart: parseWarmStart(options.warmStart),
    solver: solver === null ? "auto" : checkChoice(solver, "solver", ["auto", ...solvers]),
    threads: parseThreads(options.threads),
    seed: seed === null ? 0 : checkNumber(seed, "seed", { integer: true }),
  };
}

/** Checks when to stop and fills in what is left out. */
export function parseStop(options: { readonly tolerance?: number; readonly maxIterations?: number }): {
  tolerance: number;
  maxIterations: number;
} {
  return {
    tolerance: checkNumber(options.tolerance ?? 1e-6, "tolerance", { above: 0, below: 1 }),
    maxIterations: checkNumber(options.maxIterations ?? 100, "maxIterations", { min: 1, integer: true }),
  };
}

let cores: number | undefined;

/** Checks a number of threads; as many as there are cores where it is left out. */
export function parseThreads(value: number | undefined): number {
  cores ??= availableParallelism();
  return value == null ? cores : checkNumber(value, "threads", { min: 1, integer: true });
}

function parseClassWeight(value: ClassWeight | undefined): ClassWeight | null {
  if (value === undefined || value === "balanced") return value ?? null;
  if (typeof value !== "object" || value === null) {
    fail("invalid-option", { thing: "classWeight", value, expected: '"balanced" or one number a class' });
  }
  for (const [label, weight] of Object.entries(value)) {
    checkNumber(weight, `classWeight of ${JSON.stringify(label)}`, { above: 0 });
  }
  return value;
}

function parseWarmStart(value: LinearModel | undefined): LinearModel | null {
  if (value === undefined) return null;
  if (value instanceof LinearModel) return value;
  const { stage } = value as { stage?: unknown };
  return fail("invalid-option", {
    thing: "warmStart",
    value: stage ?? value,
    expected: "a trained model",
    ...(stage === undefined
      ? {}
      : { remedy: "Prune or quantize with data and refit, which keep what was removed." }),
  });
}
