import type { Watch } from "../../base/progress";
import { LinearModel, type LinearParts } from "../../model/linear";
import { Joined } from "../../train/joined";
import type { Settings } from "../../train/options";
import { boundsOf, penaltySummary } from "../../train/penalty-options";
import type { Solution } from "../../train/plan";
import { inFull } from "../../train/sparse-weights";
import { warningsOf } from "../../train/warnings";
import { Checkpoint } from "./checkpoint";
import { ClusterFitter, type FitState, notBegun } from "./cluster-fitter";
import { type ClusterProblem, type ClusterRows, clusterProblem } from "./cluster-plan";
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
  const named = [known, data.rows, [...data.masses], { ...settings, threads: 0, warmStart: null }];
  const { weights: start } = plan.start;
  const checkpoint = path === null ? null : new Checkpoint(path, [...named, start && [...start]]);
  const kept = new KeptStates(checkpoint, fits.length);
  const heard = new Slowest(watch, fits.length);
  const outcomes = await Promise.all(
    fits.map(async ({ task, start: w }, k) => {
      const state = kept.states[k];
      if (state.done !== null) return state.done;
      const fitter = new ClusterFitter(data.rounds, task, w, start !== null, heard.of(k));
      const done = await fitter.fit(plan.penalty, state, (own) => kept.keep(k, own));
      kept.keep(k, { ...notBegun, done });
      heard.end(k);
      return done;
    }),
  );
  checkpoint?.remove();
  const { weights, intercepts, fit } = joinedOf(outcomes.map((outcome) => solutionOf(outcome, problem)));
  const { classes, featureNames } = data;
  const { link, fitIntercept, penalty } = plan;
  const parts: LinearParts = {
    ...{ classes, link, featureNames, weights, intercepts, scale: null, fitIntercept },
    bounds: boundsOf(penalty),
  };
  return new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
}

/** What a fit found, as the others say it. */
export function solutionOf(outcome: Outcome, { plan, solverReason }: ClusterProblem): Solution {
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

function joinedOf(solutions: readonly Solution[]): Solution {
  if (solutions.length === 1) return solutions[0];
  const joined = new Joined();
  for (const solution of solutions) joined.add(solution);
  const { solution } = joined;
  return { ...solution, weights: inFull(solution.weights) };
}

/** The states of fits that go on side by side, written down when each that is not done has gone on. */
class KeptStates {
  readonly states: FitState[];
  readonly #checkpoint: Checkpoint | null;
  readonly #fresh = new Set<number>();

  constructor(checkpoint: Checkpoint | null, fits: number) {
    this.#checkpoint = checkpoint;
    this.states = [...(checkpoint?.read() ?? Array.from({ length: fits }, () => notBegun))];
  }

  keep(fit: number, own: Partial<FitState>): void {
    this.states[fit] = { ...this.states[fit], ...own };
    this.#fresh.add(fit);
    if (!this.states.every(({ done }, k) => done !== null || this.#fresh.has(k))) return;
    this.#fresh.clear();
    this.#checkpoint?.write(this.states);
  }
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
