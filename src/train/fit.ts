import type { FitReport, FitStep } from "../model/linear";
import type { Link } from "../model/scorer";
import type { Design } from "./design";
import { LogisticLoss } from "./losses/logistic";
import type { Loss } from "./losses/loss";
import { SoftmaxLoss } from "./losses/softmax";
import type { Monitor } from "./monitor";
import { L2Penalty } from "./penalties/l2";
import { NoPenalty } from "./penalties/none";
import { Problem } from "./problem";
import { newton } from "./solvers/newton";
import type { Outcome, Solver, Stop } from "./solvers/solver";
import { warningsOf } from "./warnings";

/** A fit in full but for its rows: model, penalty and start. */
export interface Plan {
  readonly scale: Float32Array | null;
  readonly link: Link;
  readonly classes: number;
  /** The strength of the L2 penalty, 0 for none. */
  readonly lambda: number;
  readonly fitIntercept: boolean;
  /** 1 where a weight may vary, or `null` for all; softmax only. */
  readonly mask: Uint8Array | null;
  /** Where to start, in the order of a model's weights and intercepts. */
  readonly start: { readonly weights: Float64Array; readonly intercepts: Float64Array };
  readonly stop: Stop;
}

/** What a fit found. */
export interface Solution {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

const solver: Solver = newton;

/** Fits a plan to a design: one problem, or one for each class where the link is `ovr`. */
export function solve(design: Design, plan: Plan, monitor: Monitor): Solution {
  const { link, classes, start } = plan;
  if (link === "softmax") {
    return fitOutputs(design, plan, () => new SoftmaxLoss(design, classes), start, monitor);
  }
  if (link === "binary") return fitOutputs(design, plan, () => new LogisticLoss(design, 1), start, monitor);
  const parts: Solution[] = [];
  for (let k = 0; k < classes; k++) {
    const own = {
      weights: start.weights.filter((_, j) => j % classes === k),
      intercepts: start.intercepts.slice(k, k + 1),
    };
    parts.push(fitOutputs(design, plan, () => new LogisticLoss(design, k), own, monitor));
  }
  return joined(parts);
}

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
    passes: sum((report) => report.passes),
    history,
    seconds,
    warnings: [...new Set(reports.flatMap((report) => report.warnings))],
  };
}

function fitOutputs(
  design: Design,
  plan: Plan,
  lossOf: () => Loss,
  start: Plan["start"],
  monitor: Monitor,
): Solution {
  const { lambda, scale, stop } = plan;
  const mark = design.arena.mark();
  const passes = design.passes;
  const loss = lossOf();
  const K = loss.outputs;
  const penalty = lambda > 0 ? new L2Penalty(lambda, design.columns, K, scale) : new NoPenalty();
  const problem = new Problem(design, loss, penalty, frozenOf(plan, design.columns * K, K));
  const w = problem.vector();
  w.set(start.weights);
  w.set(start.intercepts, design.columns * K);
  const outcome = solver.minimise(problem, w, stop, monitor);
  const fit = { ...reportOf(outcome, loss, lambda, stop), passes: design.passes - passes };
  if (plan.link === "softmax")
    centre(w, design.columns, K, lambda === 0 && plan.mask === null, plan.fitIntercept);
  const solution = { weights: w.slice(0, design.columns * K), intercepts: w.slice(design.columns * K), fit };
  design.arena.rewind(mark);
  return solution;
}

function reportOf(outcome: Outcome, loss: Loss, lambda: number, stop: Stop): Omit<FitReport, "passes"> {
  const separated = lambda === 0 && loss.separates();
  return {
    solver: solver.name,
    solverReason: "suits every shape",
    converged: outcome.converged && !separated,
    objective: outcome.objective,
    dualityGap: outcome.gap,
    iterations: outcome.history.length - 1,
    history: outcome.history,
    seconds: outcome.seconds,
    warnings: warningsOf(outcome, separated, stop),
  };
}

function frozenOf({ mask, fitIntercept }: Plan, weights: number, outputs: number): Uint8Array | null {
  if (mask === null && fitIntercept) return null;
  const frozen = new Uint8Array(weights + outputs);
  for (let j = 0; j < weights; j++) frozen[j] = mask === null || mask[j] === 1 ? 0 : 1;
  return frozen.fill(fitIntercept ? 0 : 1, weights);
}

/** Takes the mean over the outputs from what softmax leaves undetermined, so that the answer is one. */
function centre(w: Float64Array, columns: number, K: number, weights: boolean, intercepts: boolean): void {
  for (let c = weights ? 0 : columns; c < columns + (intercepts ? 1 : 0); c++) {
    const mean = w.subarray(c * K, (c + 1) * K).reduce((sum, x) => sum + x, 0) / K;
    for (let k = 0; k < K; k++) w[c * K + k] -= mean;
  }
}
