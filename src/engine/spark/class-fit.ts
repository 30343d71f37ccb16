import { checkCancelled, type Watch } from "../../base/progress";
import type { Settings } from "../../train/options";
import type { PenaltyPlan } from "../../train/penalty-options";
import type { Stop } from "../../train/solvers/solver";
import { answeredBy } from "../aggregate";
import type { FitState } from "./checkpoint";
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

/** The most iterations of a partition's own fit. */
const localIterations = 30;

/** The fit of one class against the others, or of the second of two. */
export class ClassFit {
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
