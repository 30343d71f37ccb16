import { duration, grouped, significant } from "../chart/format";
import { lossChart } from "../chart/loss";
import type { FitRecord, FitReport } from "../model/linear";
import { factsView } from "./table";
import type { ResultView } from "./views";

/** How a fit went: what solved it and why, how near it came, what it took; with its course. */
export function fitView(fit: FitRecord): ResultView {
  return {
    table: factsView(`Fit, ${fit.converged ? "converged" : "not converged"}`, fitFacts(fit), reasonOf(fit)),
    warnings: fit.warnings,
    figures: fit.history.length > 1 ? [lossChart(fit)] : [],
  };
}

/** The facts of a fit as lines of a table. */
export function fitFacts(fit: FitReport): [string, string][] {
  const { dualityGap: gap, objective, passes } = fit;
  const relative = gap / Math.abs(objective);
  return [
    ["objective", significant(objective, 6)],
    [
      "duality gap",
      Number.isFinite(relative)
        ? `${significant(gap, 3)} (${significant(relative, 2)} of the objective)`
        : Number.isFinite(gap)
          ? significant(gap, 3)
          : "none known",
    ],
    ["iterations", `${grouped(fit.iterations)} (${fit.converged ? "converged" : "not converged"})`],
    ...(passes === undefined ? [] : [["passes over the data", grouped(passes)] as [string, string]]),
    ["solver", `${fit.solver}, ${duration(fit.seconds)}`],
  ];
}

/** Why the solver was taken, and how rows were stored for it, for the line below the table. */
export function reasonOf({ solver, solverReason, storedAs }: FitReport): string | undefined {
  const clauses = [
    ...(solverReason === undefined ? [] : [`${solver}: ${solverReason}`]),
    ...(storedAs === undefined ? [] : [storedAs]),
  ];
  return clauses.length === 0 ? undefined : clauses.join("; ");
}
