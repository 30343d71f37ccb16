import { fail } from "../../base/errors";
import type { Watch } from "../../base/progress";
import { TableEncoder } from "../../frame/encoder";
import type { EncoderState } from "../../frame/encoder-state";
import { LinearModel, type LinearParts } from "../../model/linear";
import { Joined } from "../../train/joined";
import type { Settings } from "../../train/options";
import { type PenaltyPlan, penaltyPlanOf, penaltySummary } from "../../train/penalty-options";
import type { Solution } from "../../train/plan";
import { inFull } from "../../train/sparse-weights";
import { interceptsOf, warmStart } from "../../train/start";
import { warningsOf } from "../../train/warnings";
import { factorsOf } from "../table-plan";
import { Checkpoint, type FitState } from "./checkpoint";
import { ClassFit, type ClusterRounds } from "./class-fit";
import type { Task } from "./objective";
import type { Outcome } from "./outcome";

/** Rows on a cluster, encoded. */
export interface ClusterRows {
  readonly rounds: ClusterRounds;
  readonly state: EncoderState;
  /** The sum of weights of each class. */
  readonly masses: Float64Array;
  readonly rows: number;
}

/**
 * Fits to rows on a cluster, one sigmoid a class where there are more than two.
 * @param path the file of the checkpoint, or `null`
 * @throws `invalid-option` for what a cluster does not do; `corrupt-file`, `invalid-file` for a checkpoint; `failed`, `cancelled`
 */
export async function fitRows(
  data: ClusterRows,
  settings: Settings,
  watch: Watch,
  path: string | null,
): Promise<LinearModel> {
  const encoder = TableEncoder.fromState(data.state);
  const { classes, featureNames, columns } = encoder;
  const shape = { columns, classes, featureNames, scale: null };
  const penalty = penaltyPlanOf(settings.penalty, shape);
  const link = classes.length === 2 ? "binary" : settings.multiclass;
  checkSupported(settings, link, penalty);
  const factors = factorsOf(classes, data.masses, settings.classWeight);
  const { fitIntercept } = settings;
  const start = settings.warmStart === null ? null : warmStart(shape, settings.warmStart, link, fitIntercept);
  const checkpoint =
    path === null
      ? null
      : new Checkpoint(path, [
          data.state,
          data.rows,
          [...data.masses],
          { ...settings, threads: 0, warmStart: null },
          start && [...start.weights],
        ]);
  let state: FitState = checkpoint?.read() ?? { done: [], descent: null, path: null };
  const fits = link === "ovr" ? classes.length : 1;
  const numbers = Uint32Array.from(classes, (_, k) => k);
  const intercepts =
    start?.intercepts ??
    interceptsOf(
      numbers,
      data.masses.map((mass, k) => mass * factors[k]),
      classes.length,
      link,
      fitIntercept,
    );
  const joined = new Joined();
  const solutions: Solution[] = [];
  for (let k = 0; k < fits; k++) {
    const keep = (own: Partial<FitState>): void => {
      state = { ...state, ...own };
      checkpoint?.write(state);
    };
    if (k >= state.done.length) {
      const task: Task = { loss: { kind: "logistic", positive: fits === 1 ? 1 : k }, factors, part: null };
      const from = new Float64Array(columns + 1);
      start?.weights.forEach((w, j) => {
        if (j % fits === k) from[Math.floor(j / fits)] = w;
      });
      from[columns] = intercepts[k];
      const outcome = await new ClassFit(data.rounds, penalty, settings, task, watch).fit(
        from,
        start !== null,
        state,
        keep,
      );
      keep({ done: [...state.done, outcome], descent: null, path: null });
    }
    const solution = solutionOf(state.done[k], settings, penalty);
    joined.add(solution);
    solutions.push(solution);
  }
  checkpoint?.remove();
  const {
    weights,
    intercepts: b,
    fit,
  } = fits === 1 ? solutions[0] : { ...joined.solution, weights: inFull(joined.solution.weights) };
  const parts: LinearParts = {
    classes,
    link,
    featureNames,
    weights,
    intercepts: b,
    scale: null,
    fitIntercept,
  };
  return new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
}

function solutionOf(outcome: Outcome, settings: Settings, penalty: PenaltyPlan): Solution {
  const { w, converged, objective, gap, gradientNorm, history, seconds, rounds } = outcome;
  const columns = w.length - 1;
  const stop = { tolerance: settings.tolerance, maxIterations: settings.maxIterations };
  return {
    weights: w.slice(0, columns),
    intercepts: w.slice(columns),
    fit: {
      solver: penalty.l1Ratio > 0 ? "owl-qn" : "lbfgs",
      solverReason: "rounds over a cluster are what costs",
      converged,
      objective,
      dualityGap: gap,
      iterations: history.length - 1,
      passes: rounds,
      history,
      seconds,
      warnings: warningsOf({ converged, objective, gap, gradientNorm, history, seconds }, false, stop),
    },
  };
}

function checkSupported(settings: Settings, link: string, { groups, lower, upper }: PenaltyPlan): void {
  const refuse = (thing: string, value: string, expected: string, remedy: string): never =>
    fail("invalid-option", { thing: `${thing} on a cluster`, value, expected, remedy });
  if (groups !== null || lower !== null || upper !== null) {
    refuse(
      "penalty",
      groups === null ? "bounds" : "group",
      '"l2", "l1", "elasticnet" or "none", without bounds',
      "Fit a sample in memory.",
    );
  }
  if (link === "softmax") refuse("multiclass", "softmax", '"ovr"', 'Set multiclass to "ovr".');
  if (settings.solver !== "auto" && settings.solver !== "lbfgs") {
    refuse("solver", settings.solver, '"auto" or "lbfgs"', 'Leave solver at "auto".');
  }
}
