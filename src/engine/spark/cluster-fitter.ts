import { checkCancelled, type Watch } from "../../base/progress";
import { SparseMatrix } from "../../matrix/sparse";
import { isComposite } from "../../train/choose";
import { compositePenalty } from "../../train/composite-penalty";
import { Design } from "../../train/design";
import type { PenaltyPlan } from "../../train/penalty-options";
import type { Stop } from "../../train/solvers/solver";
import { answeredBy } from "../aggregate";
import { outputsOf } from "../block-terms";
import { begunAt, type Left, shrink as proxNewton, type ShrinkState } from "../shrink";
import { ChosenRounds, type ClusterRounds } from "./cluster-rounds";
import { Objective, type Task, uniformCurvature } from "./objective";
import type { Outcome } from "./outcome";
import { begun, type Descent, descend, type Watcher } from "./quasi-newton";
import { type PathState, shrink } from "./shrink";

/** The most iterations of a partition's own fit. */
const localIterations = 30;
/** The most parameters of a working set: its Hessian, 16 MB of numbers, comes from every partition. */
export const largest = 2000;

/** Where one fit stands, to go on from after any loss. */
export interface FitState {
  /** What came of it, `null` before its end. */
  readonly done: Outcome | null;
  readonly descent: Descent | null;
  /** Where a path to a penalty of sizes stands. */
  readonly path: PathState | null;
  /** Where proximal Newton stands. */
  readonly reached: ShrinkState | null;
}

/** The state of a fit that has not begun. */
export const notBegun: FitState = { done: null, descent: null, path: null, reached: null };

/** What is fitted. */
export interface FitTask {
  readonly task: Task;
  /** The shares of the classes. */
  readonly masses: Float64Array;
  readonly fitIntercept: boolean;
  readonly stop: Stop;
  /** 1 for each parameter that stays as it is, of proximal Newton. Default: none do. */
  readonly frozen?: Uint8Array | null;
  /** Whether penalties of sizes are followed by OWL-QN along falling strengths, not by proximal Newton. */
  readonly screened: boolean;
}

/** Fits rows of a cluster with one penalty after another, each from where the last ended. */
export class ClusterFitter {
  readonly #rounds: ClusterRounds;
  readonly #chosen: ChosenRounds;
  readonly #fit: FitTask;
  readonly #watch: Watch;
  /** The weights, then the intercepts. */
  #w: Float64Array;
  #warm: boolean;
  #squares: Float64Array | null = null;
  #left: Left | null = null;
  #design: Design | null = null;
  /** Whether the last fit was taken up: its gradient is then asked for again. */
  #again = false;

  /** @param warm whether there are weights to start from */
  constructor(rounds: ClusterRounds, fit: FitTask, w: Float64Array, warm: boolean, watch: Watch) {
    this.#rounds = rounds;
    this.#chosen = new ChosenRounds(rounds);
    this.#fit = fit;
    this.#w = w;
    this.#warm = warm;
    this.#watch = watch;
  }

  /**
   * Fits from where the last fit ended; of one that had ended before its process was lost, what came of it is taken up.
   * @param keep called with what the state has new, before each round
   */
  async fit(
    penalty: PenaltyPlan,
    state: FitState = notBegun,
    keep: (own: Partial<FitState>) => void = () => {},
  ): Promise<Outcome> {
    if (state.done !== null) {
      this.#w = state.done.w.slice();
      this.#warm = true;
      this.#left = null;
      this.#again = true;
      return state.done;
    }
    const started = performance.now();
    const before = this.#chosen.count;
    const seconds = (): number => (performance.now() - started) / 1000;
    const found =
      isComposite(penalty) && !this.#fit.screened
        ? await this.#proxNewton(penalty, state, keep)
        : await this.#quasiNewton(penalty, state, keep, seconds);
    this.#w = found.w.slice();
    this.#warm = true;
    const outcome = { ...found, seconds: seconds(), rounds: this.#chosen.count - before };
    keep({ ...notBegun, done: outcome });
    return outcome;
  }

  async #quasiNewton(
    penalty: PenaltyPlan,
    state: FitState,
    keep: (own: Partial<FitState>) => void,
    seconds: () => number,
  ): Promise<Found> {
    const { stop } = this.#fit;
    const objective = this.#objective(penalty);
    const watcher: Watcher = {
      reached: (descent) => {
        keep({ descent });
        this.#tell(descent.history.length - 1, `objective ${descent.point.value.toPrecision(5)}`);
        checkCancelled(this.#watch.signal, "fit");
      },
      seconds,
    };
    let descent = state.descent;
    if (isComposite(penalty)) descent = await this.#screened(penalty, state, keep, watcher);
    else {
      this.#chosen.choose(null);
      if (descent === null) {
        const { start, metric } = await this.#start(objective);
        descent = await answeredBy(this.#chosen, begun(objective, start, metric, stop, watcher));
      }
      descent = await answeredBy(this.#chosen, descend(objective, descent, stop, watcher));
    }
    const { w, point, gap, history, ended } = descent;
    return {
      ...{ w, gap, history, solver: isComposite(penalty) ? "owl-qn" : "lbfgs" },
      loss: point.value - objective.penalty(w),
      converged: ended === "converged",
      objective: point.value,
      gradientNorm: history[history.length - 1].gradientNorm,
    };
  }

  async #screened(
    plan: PenaltyPlan,
    from: FitState,
    keep: (own: Partial<FitState>) => void,
    watcher: Watcher,
  ): Promise<Descent> {
    this.#chosen.choose(null);
    // Squares do not depend on the strength, and cost one round where a fit goes on after a loss.
    const squares = await this.#sizes();
    const start = new Float64Array(this.#w.length);
    start[start.length - 1] = this.#w[start.length - 1];
    return await shrink(
      {
        rounds: this.#chosen,
        plan,
        make: (own) => this.#objective(own),
        stop: this.#fit.stop,
        watcher,
        stepped: (path: PathState) => keep({ path, descent: null }),
      },
      start,
      (objective) => objective.metric(squares),
      from.path === null ? null : { path: from.path, descent: from.descent },
    );
  }

  async #proxNewton(
    plan: PenaltyPlan,
    { reached }: FitState,
    keep: (own: Partial<FitState>) => void,
  ): Promise<Found> {
    const { task, masses, fitIntercept, stop, frozen = null } = this.#fit;
    const outputs = outputsOf(task.loss);
    const { columns } = this.#chosen;
    this.#chosen.choose(frozen && freeOf(frozen, columns * outputs));
    this.#design ??= emptyDesign(columns);
    const w = this.#w.slice();
    const problem = {
      ...{ loss: task.loss, masses, freeIntercepts: fitIntercept, largest },
      design: this.#design,
      penalty: compositePenalty(plan, { columns, outputs, scale: plan.scale, frozen }),
      state: (parameters: Float64Array) => ({ ...task, parameters }),
    };
    const monitor = {
      check: () => checkCancelled(this.#watch.signal, "fit"),
      report: (done: number, _: number, message: string) => {
        this.#tell(done, message);
      },
    };
    const resumption = {
      from: reached ?? (this.#again ? begunAt(w) : null),
      reached: (own: ShrinkState) => keep({ reached: own }),
    };
    const left = reached === null ? this.#left : null;
    const found = await answeredBy(this.#chosen, proxNewton(problem, w, stop, monitor, left, resumption));
    this.#again = false;
    this.#left = { at: found.at, hold: 1 };
    const { converged, objective, gap, gradientNorm, history, loss } = found;
    return { w, converged, objective, gap, gradientNorm, history, loss, solver: "prox-newton" };
  }

  #objective(plan: PenaltyPlan): Objective {
    const { fitIntercept, task, masses } = this.#fit;
    return new Objective(plan, this.#chosen.columns, fitIntercept, task, masses);
  }

  /** An average of the partitions' own fits by how much each has of a feature, or what is there to start from. */
  async #start(objective: Objective): Promise<{ start: Float64Array; metric: Float64Array }> {
    const { task, fitIntercept } = this.#fit;
    if (this.#warm || this.#rounds.start === null) {
      return { start: this.#w, metric: objective.metric(await this.#sizes()) };
    }
    const lambda = objective.l2.find((strength) => strength > 0) ?? 1e-4;
    const fits = { lambda, iterations: localIterations, fitIntercept };
    this.#chosen.count++;
    const sums = await this.#rounds.start(task, fits);
    const curvatures = sums.subarray(sums.length / 2);
    const squares = this.#take(curvatures);
    const start = Float64Array.from(curvatures, (own, j) => (own > 0 ? sums[j] / own : 0));
    return { start, metric: objective.metric(squares) };
  }

  /** The sum over rows of share times squared value, for each parameter: the curvature at zero over that of a row. */
  async #sizes(): Promise<Float64Array> {
    if (this.#squares !== null) return this.#squares;
    const { task } = this.#fit;
    const parameters = new Float64Array(this.#w.length);
    const state = { ...task, parameters };
    const { curvature } = await this.#chosen.aggregate({ kind: "diagonal" }, state);
    return this.#take(curvature);
  }

  #take(curvatures: Float64Array): Float64Array {
    const unit = uniformCurvature(this.#fit.task.loss);
    this.#squares = curvatures.map((x) => x / unit);
    return this.#squares;
  }

  #tell(done: number, message: string): void {
    const total = Math.max(done, this.#fit.stop.maxIterations);
    const text = `${message}, round ${this.#rounds.count}`;
    this.#watch.onProgress?.({ step: "fit", done, total, message: text });
  }
}

/** The parameters that sums are wanted of: the weights that may vary and the intercepts. */
export function freeOf(frozen: Uint8Array, weights: number): Uint32Array {
  return Uint32Array.from(frozen.keys()).filter((j) => j >= weights || frozen[j] === 0);
}

type Found = Omit<Outcome, "seconds" | "rounds">;

/** Room for the sets of proximal Newton, whose rows are elsewhere. */
export function emptyDesign(columns: number): Design {
  const features = new SparseMatrix(1, columns, new Uint32Array(2), new Uint32Array(0), null);
  return Design.of(features, new Uint32Array(1), new Float64Array(1));
}
