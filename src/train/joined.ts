import type { FitReport, FitStep } from "../model/linear";
import { gatheredWarnings } from "../model/warning";
import type { Solution } from "./plan";
import { compact, type SparseWeights, type Weights } from "./sparse-weights";

/** A solution whose weights may be held by their places. */
export interface Answer extends Omit<Solution, "weights"> {
  readonly weights: Weights;
}

/** One solution of many, each of one output; zeros take no room where they are many. */
export class Joined {
  readonly #parts: Answer[] = [];

  /** The solution of the next output. */
  add({ weights, ...part }: Solution): void {
    this.#parts.push({ ...part, weights: compact(weights) });
  }

  /** Of all that have come. */
  get solution(): Answer {
    const parts = this.#parts;
    return {
      weights: interleaved(parts.map(({ weights }) => weights)),
      intercepts: Float64Array.from(parts, ({ intercepts }) => intercepts[0]),
      fit: joinedReports(parts.map(({ fit }) => fit)),
    };
  }
}

/** The weights of one output after another as one table, column after column. */
function interleaved(parts: readonly Weights[]): Weights {
  const K = parts.length;
  const sparse = parts.filter((part): part is SparseWeights => !(part instanceof Float64Array));
  if (sparse.length === K) return merged(sparse);
  const table = new Float64Array(parts[0].length * K);
  parts.forEach((part, k) => {
    if (part instanceof Float64Array) for (let j = 0; j < part.length; j++) table[j * K + k] = part[j];
    else {
      part.places.forEach((j, at) => {
        table[j * K + k] = part.values[at];
      });
    }
  });
  return table;
}

function merged(parts: readonly SparseWeights[]): SparseWeights {
  const K = parts.length;
  const columns = parts[0].length;
  const next = new Uint32Array(columns + 1);
  for (const { places } of parts) for (const j of places) next[j + 1]++;
  for (let j = 0; j < columns; j++) next[j + 1] += next[j];
  const count = next[columns];
  const places = new Uint32Array(count);
  const values = new Float64Array(count);
  parts.forEach((part, k) => {
    part.places.forEach((j, i) => {
      const at = next[j]++;
      places[at] = j * K + k;
      values[at] = part.values[i];
    });
  });
  return { length: columns * K, places, values };
}

/** The report of fits that together are one: sums, and their histories one after another. */
export function joinedReports(reports: readonly FitReport[]): FitReport {
  const sum = (of: (report: FitReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const reasons = [...new Set(reports.flatMap((report) => report.solverReason ?? []))];
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
    ...(reasons.length === 0 ? {} : { solverReason: reasons.join("; ") }),
    ...(reports[0].storedAs === undefined ? {} : { storedAs: reports[0].storedAs }),
    converged: reports.every((report) => report.converged),
    objective: sum((report) => report.objective),
    dualityGap: sum((report) => report.dualityGap),
    iterations: sum((report) => report.iterations),
    passes: sum((report) => report.passes ?? 0),
    history,
    seconds,
    warnings: gatheredWarnings(
      reports.map((report) => report.warnings),
      "classes",
      (k) => `classes[${k}]`,
    ),
  };
}
