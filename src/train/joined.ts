import type { FitReport, FitStep } from "../model/linear";
import { distinctWarnings } from "../model/warning";
import type { Solution } from "./plan";

/** One solution of many, each of one output. */
export function joined(parts: readonly Solution[]): Solution {
  const K = parts.length;
  const weights = new Float64Array(parts[0].weights.length * K);
  parts.forEach((part, k) => {
    part.weights.forEach((w, j) => {
      weights[j * K + k] = w;
    });
  });
  return {
    weights,
    intercepts: Float64Array.from(parts, (part) => part.intercepts[0]),
    fit: joinedReports(parts.map((part) => part.fit)),
  };
}

/** The report of fits that together are one: sums, and their histories one after another. */
export function joinedReports(reports: readonly FitReport[]): FitReport {
  const sum = (of: (report: FitReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  let seconds = 0;
  const history: FitStep[] = [];
  reports.forEach((report, output) => {
    for (const step of report.history) {
      history.push({ ...step, iteration: history.length, seconds: seconds + step.seconds, output });
    }
    seconds += report.seconds;
  });
  return {
    solver: reports[0].solver,
    solverReason: reports[0].solverReason,
    converged: reports.every((report) => report.converged),
    objective: sum((report) => report.objective),
    dualityGap: sum((report) => report.dualityGap),
    iterations: sum((report) => report.iterations),
    passes: sum((report) => report.passes ?? 0),
    history,
    seconds,
    warnings: distinctWarnings(reports.flatMap((report) => report.warnings)),
  };
}
