import { grouped, significant } from "../chart/format";
import type { Predictor } from "../model/predictor";
import type { LogisticRegression } from "../train/logistic-regression";
import { parseOptions } from "../train/options";
import type { PathStep } from "../train/regularization-path";
import { factsView } from "./table";
import type { ResultView } from "./views";

/** What an estimator will fit: its options, those that were left out by their defaults. */
export function estimatorView({ options }: LogisticRegression): ResultView {
  const { penalty, multiclass, tolerance, maxIterations, solver, threads, seed } = parseOptions(options);
  const { name, lambda, l1Ratio } = penalty;
  const strength = name === "none" ? [] : [["lambda", significant(lambda)]];
  const share = name === "elasticnet" ? [["l1Ratio", significant(l1Ratio)]] : [];
  const shown = ["penalty", "lambda", "l1Ratio", "multiclass", "tolerance", "maxIterations", "solver"];
  const others = Object.keys(options).filter((key) => ![...shown, "threads", "seed"].includes(key));
  const facts = [
    ["penalty", name],
    ...strength,
    ...share,
    ["multiclass", multiclass],
    ["tolerance", significant(tolerance)],
    ["maxIterations", grouped(maxIterations)],
    ["solver", solver],
    ["threads", String(threads)],
    ["seed", String(seed)],
    ...(others.length === 0 ? [] : [["also given", others.join(", ")]]),
  ] as [string, string][];
  const note = "not fitted: await fit(data) returns the model";
  return { table: factsView("Logistic regression", facts, note), figures: [] };
}

/** What a predictor takes and gives. */
export function predictorView({ classes, features, margins }: Predictor): ResultView {
  const facts: [string, string][] = [
    ["classes", classes.join(", ")],
    ["features of a row", grouped(features)],
    ["margins of a row", grouped(margins.length)],
  ];
  const note = "predict(row) returns the number of the class, probabilities are in probabilities";
  return { table: factsView("Predictor of row after row", facts, note), figures: [] };
}

/** One strength of a path. */
export function pathStepView(step: PathStep): ResultView {
  const facts: [string, string][] = [
    ["lambda", significant(step.lambda)],
    ["nonzero weights", grouped(step.nonzeros)],
    ["deviance explained", `${(100 * step.devianceExplained).toFixed(2)} %`],
    ["objective", significant(step.objective)],
    ["duality gap", step.dualityGap.toExponential(1)],
    ["iterations", grouped(step.iterations)],
  ];
  return { table: factsView("Step of a path", facts, "its model is in model"), figures: [] };
}
