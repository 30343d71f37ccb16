import type { Outcome, Stop } from "./solvers/solver";

/** What a user should know of a fit, each with its remedy. */
export function warningsOf(outcome: Outcome, separated: boolean, stop: Stop): string[] {
  if (separated) {
    return [
      `The classes are separable by a plane and there is no penalty, so no finite weights are best: the loss is ${outcome.objective.toExponential(2)} and falls on as weights grow. Set penalty to "l2".`,
    ];
  }
  if (outcome.converged) return [];
  const iterations = outcome.history.length - 1;
  const reached = Number.isNaN(outcome.gap)
    ? `the gradient fell to ${outcome.gradientNorm.toExponential(2)} of its start`
    : `the relative duality gap is ${(outcome.gap / outcome.objective).toExponential(2)}`;
  const remedy =
    iterations >= stop.maxIterations ? "Raise maxIterations, or lambda" : "Raise tolerance, or lambda";
  return [`Not converged after ${iterations} iterations: ${reached}, not ${stop.tolerance}. ${remedy}.`];
}
