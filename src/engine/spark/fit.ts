import type { Watch } from "../../base/progress";
import { LinearModel, type LinearParts } from "../../model/linear";
import { Joined } from "../../train/joined";
import type { Settings } from "../../train/options";
import { boundsOf, penaltySummary } from "../../train/penalty-options";
import type { Solution } from "../../train/plan";
import { inFull } from "../../train/sparse-weights";
import { warningsOf } from "../../train/warnings";
import { ClusterFitter } from "./cluster-fitter";
import { type ClusterProblem, type ClusterRows, clusterProblem } from "./cluster-plan";
import { KeptFits, rowsKey } from "./kept-fits";
import type { Outcome } from "./outcome";

/**
 * Fits to rows on a cluster; where there is one sigmoid a class, all side by side, so that they share their rounds.
 * @param path the file of the checkpoint, or `null`
 * @param known what else the fit depends on, as plain values
 * @throws `invalid-option` for what a cluster does not do; `corrupt-file`, `invalid-file` for a checkpoint; `failed`, `cancelled`
 */
export async function fitRows(
  data: ClusterRows,
  settings: Settings,
  watch: Watch,
  path: string | null,
  known: unknown = null,
): Promise<LinearModel> {
  const problem = clusterProblem(data, settings, data.masses, null);
  const { plan, fits } = problem;
  const { weights: start } = plan.start;
  const own = { ...settings, threads: 0, warmStart: start && [...start] };
  const kept = new KeptFits(path, ["fit", known, rowsKey(data), own]);
  const heard = new Slowest(watch, fits.length);
  const outcomes = await Promise.all(
    fits.map(async ({ task, start: w }, k) => {
      const fitter = new ClusterFitter(data.rounds, task, w, start !== null, heard.of(k));
      const name = `${k}`;
      const done = await fitter.fit(plan.penalty, kept.begin(name), (state) => kept.keep(name, state));
      heard.end(k);
      return done;
    }),
  );
  kept.remove();
  const { weights, intercepts, fit } = joinedOf(outcomes.map((outcome) => solutionOf(outcome, problem)));
  const { classes, featureNames, scale } = data;
  const { link, fitIntercept, penalty } = plan;
  const parts: LinearParts = {
    ...{ classes, link, featureNames, weights, intercepts, scale, fitIntercept },
    bounds: boundsOf(penalty),
  };
  return new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
}

/** What a fit found, as the others say it. */
export function solutionOf(
  outcome: Outcome,
  { plan, solverReason }: Pick<ClusterProblem, "plan" | "solverReason">,
): Solution {
  const { w, converged, objective, gap, gradientNorm, history, seconds, rounds, solver } = outcome;
  const K = plan.link === "softmax" ? plan.classes : 1;
  const columns = w.length / K - 1;
  const intercepts = w.slice(columns * K);
  // Softmax leaves a shift of all intercepts undetermined; centred, the answer is one.
  if (K > 1 && plan.fitIntercept) {
    const mean = intercepts.reduce((sum, b) => sum + b, 0) / K;
    for (let k = 0; k < K; k++) intercepts[k] -= mean;
  }
  return {
    weights: w.slice(0, columns * K),
    intercepts,
    fit: {
      ...{ solver, solverReason, converged, objective, history, seconds },
      dualityGap: gap,
      iterations: history.length - 1,
      passes: rounds,
      warnings: warningsOf({ converged, objective, gap, gradientNorm, history, seconds }, false, plan.stop),
    },
  };
}

/** The solutions of a model's outputs as one. */
export function joinedOf(solutions: readonly Solution[]): Solution {
  if (solutions.length === 1) return solutions[0];
  const joined = new Joined();
  for (const solution of solutions) joined.add(solution);
  const { solution } = joined;
  return { ...solution, weights: inFull(solution.weights) };
}

/** Watches of fits that go on side by side, of which the slowest is told. */
class Slowest {
  readonly #watch: Watch;
  readonly #done: number[];

  constructor(watch: Watch, fits: number) {
    this.#watch = watch;
    this.#done = new Array<number>(fits).fill(0);
  }

  of(fit: number): Watch {
    const { signal, onProgress } = this.#watch;
    return {
      signal,
      onProgress: (progress) => {
        this.#done[fit] = progress.done ?? 0;
        if (this.#done[fit] === Math.min(...this.#done)) onProgress?.(progress);
      },
    };
  }

  end(fit: number): void {
    this.#done[fit] = Number.POSITIVE_INFINITY;
  }
}
