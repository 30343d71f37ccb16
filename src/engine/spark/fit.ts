import { fail } from "../../base/errors";
import { checkCancelled, type Watch } from "../../base/progress";
import { TableEncoder } from "../../frame/encoder";
import type { EncoderState } from "../../frame/encoder-state";
import { LinearModel, type LinearParts } from "../../model/linear";
import { Joined } from "../../train/joined";
import type { Settings } from "../../train/options";
import { type PenaltyPlan, penaltyPlanOf, penaltySummary } from "../../train/penalty-options";
import type { Solution } from "../../train/plan";
import type { Stop } from "../../train/solvers/solver";
import { inFull } from "../../train/sparse-weights";
import { interceptsOf, warmStart } from "../../train/start";
import { warningsOf } from "../../train/warnings";
import { answeredBy } from "../aggregate";
import { factorsOf } from "../packed-table";
import { Checkpoint, type FitState } from "./checkpoint";
import { Objective, type Task } from "./objective";
import type { Outcome } from "./outcome";
import { begun, type Descent, descend, type Watcher } from "./quasi-newton";
import { type Choosing, type PathState, shrink } from "./shrink";
import { typicalCurvature } from "./worker/start";

/** What a fit asks of a cluster's rows. */
export interface ClusterRounds extends Choosing {
  /** Sums of local fits, see `WorkerRounds.start`; `null` where there are none. */
  start:
    | ((
        state: Task & { readonly parameters: Float64Array },
        task: { readonly lambda: number; readonly iterations: number; readonly fitIntercept: boolean },
      ) => Promise<Float64Array>)
    | null;
  /** Rounds so far. */
  readonly count: number;
}

/** Rows on a cluster, encoded. */
export interface ClusterRows {
  readonly rounds: ClusterRounds;
  readonly state: EncoderState;
  /** The sum of weights of each class. */
  readonly masses: Float64Array;
  readonly rows: number;
}

/** The most iterations of a partition's own fit. */
const localIterations = 30;

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

class ClassFit {
  readonly #rounds: ClusterRounds;
  readonly #penalty: PenaltyPlan;
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #watch: Watch;
  readonly #stop: Stop;
  readonly #started = performance.now();

  constructor(rounds: ClusterRounds, penalty: PenaltyPlan, settings: Settings, task: Task, watch: Watch) {
    this.#rounds = rounds;
    this.#penalty = penalty;
    this.#settings = settings;
    this.#task = task;
    this.#watch = watch;
    this.#stop = { tolerance: settings.tolerance, maxIterations: settings.maxIterations };
  }

  async fit(
    w: Float64Array,
    warm: boolean,
    state: FitState,
    keep: (own: Partial<FitState>) => void,
  ): Promise<Outcome> {
    const before = this.#rounds.count;
    const watcher: Watcher = {
      reached: (descent) => {
        keep({ descent });
        this.#tell(descent);
        checkCancelled(this.#watch.signal, "fit");
      },
      seconds: () => (performance.now() - this.#started) / 1000,
    };
    const descent =
      this.#penalty.l1Ratio > 0
        ? await this.#shrink(w, state, keep, watcher)
        : await this.#descend(w, warm, state, watcher);
    const { point, gap, history, ended } = descent;
    const rounds = this.#rounds.count - before;
    return {
      w: descent.w,
      converged: ended === "converged",
      objective: point.value,
      gap,
      gradientNorm: history[history.length - 1].gradientNorm,
      history,
      seconds: watcher.seconds(),
      rounds,
    };
  }

  async #descend(
    w: Float64Array,
    warm: boolean,
    { descent: from }: FitState,
    watcher: Watcher,
  ): Promise<Descent> {
    const objective = this.#objective(this.#penalty);
    const stop = this.#stop;
    this.#rounds.choose(null);
    if (from !== null) return await answeredBy(this.#rounds, descend(objective, from, stop, watcher));
    const { start, metric } = await this.#start(w, warm, objective);
    const begin = await answeredBy(this.#rounds, begun(objective, start, metric, stop, watcher));
    return await answeredBy(this.#rounds, descend(objective, begin, stop, watcher));
  }

  async #shrink(
    w: Float64Array,
    from: FitState,
    keep: (own: Partial<FitState>) => void,
    watcher: Watcher,
  ): Promise<Descent> {
    this.#rounds.choose(null);
    // Squares do not depend on the strength, and cost one round where a fit goes on after a loss.
    const squares = await this.#squares();
    const state = from.path === null ? null : { path: from.path, descent: from.descent };
    const start = new Float64Array(w.length);
    start[w.length - 1] = w[w.length - 1];
    return await shrink(
      {
        rounds: this.#rounds,
        plan: this.#penalty,
        make: (plan) => this.#objective(plan),
        stop: this.#stop,
        watcher,
        stepped: (path: PathState) => keep({ path, descent: null }),
      },
      start,
      (objective) => metricOf(objective, squares),
      state,
    );
  }

  #objective(plan: PenaltyPlan): Objective {
    return new Objective(plan, this.#rounds.columns, this.#settings.fitIntercept, this.#task);
  }

  /** An average of the partitions' own fits by how much each has of a feature, or the given start. */
  async #start(
    w: Float64Array,
    warm: boolean,
    objective: Objective,
  ): Promise<{ start: Float64Array; metric: Float64Array }> {
    if (warm || this.#rounds.start === null)
      return { start: w, metric: metricOf(objective, await this.#squares()) };
    const lambda = this.#penalty.lambda > 0 ? this.#penalty.lambda : 1e-4;
    const task = { lambda, iterations: localIterations, fitIntercept: this.#settings.fitIntercept };
    const zero = new Float64Array(w.length);
    const sums = await this.#rounds.start({ ...this.#task, parameters: zero }, task);
    const squares = sums.slice(w.length);
    const start = sums.subarray(0, w.length).map((sum, j) => (squares[j] > 0 ? sum / squares[j] : 0));
    return { start, metric: metricOf(objective, squares) };
  }

  /** The sum over rows of share times squared value, for each parameter: four times the curvature at zero. */
  async #squares(): Promise<Float64Array> {
    const parameters = new Float64Array(this.#rounds.columns + 1);
    const { curvature } = await this.#rounds.aggregate({ kind: "diagonal" }, { ...this.#task, parameters });
    return curvature.map((x) => 4 * x);
  }

  #tell({ history, point }: Descent): void {
    const done = history.length - 1;
    const total = Math.max(done, this.#stop.maxIterations);
    this.#watch.onProgress?.({
      step: "fit",
      done,
      total,
      message: `objective ${point.value.toPrecision(5)}, round ${this.#rounds.count}`,
    });
  }
}

function metricOf({ l2, columns }: Objective, squares: Float64Array): Float64Array {
  return squares.map((square, j) => {
    const own = typicalCurvature * square + (j < columns ? l2[j] : 0);
    return own > 0 ? own : 1;
  });
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
