import type { FitWarning } from "../model/warning";
import type { SolverName } from "./options";
import type { Outcome, Stop } from "./solvers/solver";

/** What a user should know of a fit, each with its remedy. */
export function warningsOf(
  outcome: Outcome,
  separated: boolean,
  stop: Stop,
  solver: "auto" | SolverName = "auto",
): FitWarning[] {
  if (separated) {
    return [
      {
        code: "separable",
        message: `The classes are separable by a plane and there is no penalty, so no finite weights are best: the loss is ${outcome.objective.toExponential(2)} and falls on as weights grow.`,
        remedy: 'Set penalty to "l2".',
      },
    ];
  }
  if (outcome.converged) return [];
  const iterations = outcome.history.length - 1;
  const reached = Number.isNaN(outcome.gap)
    ? `the gradient fell to ${outcome.gradientNorm.toExponential(2)} of its start`
    : `the relative duality gap is ${(outcome.gap / outcome.objective).toExponential(2)}`;
  return [
    {
      code: "not-converged",
      message: `Not converged after ${iterations} iterations: ${reached}, not ${stop.tolerance}.`,
      remedy:
        solver === "dual"
          ? "Leave out solver: Newton's method then goes on where the ascent is slow. Or raise maxIterations, or lambda."
          : iterations >= stop.maxIterations
            ? "Raise maxIterations, or lambda."
            : "Raise tolerance, or lambda.",
    },
  ];
}
