import type { FitReport, FitStep } from "../model/linear";
import { distinctWarnings } from "../model/warning";
import type { Solution } from "./plan";

/** One solution of many, each of one output, whose weights take their places as they come. */
export class Joined {
  readonly #count: number;
  readonly #intercepts: number[] = [];
  readonly #reports: FitReport[] = [];
  #weights = new Float64Array(0);
  #only: Solution | undefined;

  /** @param count how many there will be; one is left as it is */
  constructor(count: number) {
    this.#count = count;
  }

  /** The next solution. */
  add(part: Solution): void {
    const K = this.#count;
    if (K === 1) {
      this.#only = part;
      return;
    }
    const k = this.#reports.length;
    if (k === 0) this.#weights = new Float64Array(part.weights.length * K);
    part.weights.forEach((w, j) => {
      if (w !== 0) this.#weights[j * K + k] = w;
    });
    this.#intercepts.push(part.intercepts[0]);
    this.#reports.push(part.fit);
  }

  /** Of all that have come. */
  get solution(): Solution {
    return (
      this.#only ?? {
        weights: this.#weights,
        intercepts: Float64Array.from(this.#intercepts),
        fit: joinedReports(this.#reports),
      }
    );
  }
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
