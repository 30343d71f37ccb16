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
  /** For more than two classes; two classes are one output whatever it is. Default `softmax`. */
  readonly multiclass?: Multiclass;
  /**
   * When to stop: the duality gap relative to the objective; without a penalty, which has no dual bound, the
   * gradient's norm relative to that at the start. Default 1e-6.
   */
  readonly tolerance?: number;
  /** For each output where `multiclass` is `ovr`. Default 100. */
  readonly maxIterations?: number;
  /** Weights for the classes, beside those of the rows. Default: all one. */
  readonly classWeight?: ClassWeight;
  /** Whether there are intercepts, which no penalty touches. Default true. */
  readonly fitIntercept?: boolean;
  /** A model of the same features and classes to start from. Default: zeros. */
  readonly warmStart?: LinearModel;
  /**
   * `auto` takes the solver that suits penalty and shape, and the fit's report says why. By name: `newton`, trust-region
   * Newton; `newton-cholesky` for few columns; `dual`, dual coordinate descent for two classes or `ovr` and the
   * penalty `l2`; `lbfgs`; `prox-newton` for every penalty. Default `auto`.
   */
  readonly solver?: "auto" | SolverName;
  /** How many threads compute; the result does not depend on it. Default: as many as the machine has cores. */
  readonly threads?: number;
  /** Of the order in which a solver takes rows. Default 0. */
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

const known: readonly (keyof LogisticRegressionOptions)[] = [
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

/** Checks options and fills in what is left out. @throws `unknown-option`, `invalid-option` */
export function parseOptions(options: LogisticRegressionOptions): Settings {
  checkKeys(options, known, "LogisticRegression");
  return {
    penalty: parsePenalty(options),
    multiclass: checkChoice(options.multiclass ?? "softmax", "multiclass", ["softmax", "ovr"]),
    ...parseStop(options),
    classWeight: parseClassWeight(options.classWeight),
    fitIntercept: checkBoolean(options.fitIntercept ?? true, "fitIntercept"),
    warmStart: parseWarmStart(options.warmStart),
    solver: checkChoice(options.solver ?? "auto", "solver", ["auto", ...solvers]),
    threads: parseThreads(options.threads),
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true }),
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
  if (value === undefined) cores ??= availableParallelism();
  return checkNumber(value ?? cores!, "threads", { min: 1, integer: true });
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
  return fail("invalid-option", { thing: "warmStart", value, expected: "a LinearModel" });
}
