import type { PenaltyPlan } from "../../train/penalty-options";
import type { Step, Stop } from "../../train/solvers/solver";
import { answeredBy } from "../aggregate";
import type { ChosenRounds } from "./cluster-rounds";
import type { Evaluated, Objective } from "./objective";
import { begun, type Descent, descend, type Watcher } from "./quasi-newton";

/** From one strength of a path to the next; above a half, or the strong rule keeps all columns. */
const ratio = 0.55;

/** Where a path stands, beside the descent. */
export interface PathState {
  /** The number of the strength, from the one at which all weights are zero. */
  readonly step: number;
  /** The strength at which all weights are zero. */
  readonly top: number;
  /** The columns that take part. */
  readonly active: Float64Array;
  /** Where the strength began. */
  readonly w: Float64Array;
  /** The iterations of the strengths before. */
  readonly history: readonly Step[];
  /** The gradient of all columns at the end of the last strength, by which the next are chosen. */
  readonly gradient: Float64Array;
}

interface Path {
  readonly rounds: ChosenRounds;
  readonly plan: PenaltyPlan;
  readonly make: (plan: PenaltyPlan) => Objective;
  readonly stop: Stop;
  readonly watcher: Watcher;
  /** Called when the path's own state changes, before the descent goes on. */
  readonly stepped: (path: PathState) => void;
}

/**
 * Fits a penalty of sizes along falling strengths. Each strength looks at the columns alone that the sequential strong rule
 * keeps (Tibshirani et al., 2012), so that parameters and sums of these alone go over the network, then once at all, and goes
 * on with those that the rule had wrongly left out.
 * @param start parameters without weights
 * @param from where an earlier fit stopped
 */
export async function shrink(
  path: Path,
  start: Float64Array,
  metricOf: (objective: Objective) => Float64Array,
  from: { readonly path: PathState; readonly descent: Descent | null } | null,
): Promise<Descent> {
  const { rounds, plan, make, stop, watcher } = path;
  const whole = make(plan);
  let state: PathState;
  let descent = from?.descent ?? null;
  if (from !== null) state = from.path;
  else {
    rounds.choose(null);
    const { gradient } = await answeredBy(rounds, whole.at(start));
    const top = topOf(whole, gradient, plan.lambda);
    state = { step: 0, top, active: new Float64Array(0), w: start, history: [], gradient };
  }
  for (;;) {
    const lambda = Math.max(plan.lambda, state.top * ratio ** state.step);
    const last = lambda === plan.lambda;
    const objective = make({ ...plan, lambda });
    if (descent === null) {
      const before = Math.max(plan.lambda, state.top * ratio ** Math.max(0, state.step - 1));
      const active = kept(objective, make({ ...plan, lambda: before }), state);
      state = { ...state, active };
      path.stepped(state);
      rounds.choose(chosenOf(active, objective.weights));
      const own = last ? stop : { ...stop, tolerance: Math.max(stop.tolerance, 0.01) };
      descent = await answeredBy(rounds, begun(objective, state.w, metricOf(objective), own, watcher));
    }
    rounds.choose(chosenOf(state.active, objective.weights));
    const near = { ...stop, tolerance: last ? stop.tolerance / 2 : Math.max(stop.tolerance, 0.01) };
    descent = await answeredBy(rounds, descend(objective, descent, near, watcher, false));
    const { w } = descent;
    rounds.choose(null);
    const point = await answeredBy(rounds, objective.at(w));
    const missed = violators(objective, point, new Set(state.active));
    state = { ...state, w, gradient: point.gradient };
    if (missed.length > 0) {
      const active = Float64Array.from([...state.active, ...missed]).sort();
      state = { ...state, active, history: [...state.history, ...descent.history] };
      descent = null;
      path.stepped(state);
      continue;
    }
    if (!last) {
      state = { ...state, step: state.step + 1, history: [...state.history, ...descent.history] };
      descent = null;
      continue;
    }
    const gap = await answeredBy(rounds, objective.gap(w, point));
    const reached = gap <= stop.tolerance * point.value;
    const spent = descent.history.length > stop.maxIterations || descent.ended === "stuck";
    if (reached || spent) {
      const history = [...state.history, ...descent.history].map((step, iteration) => ({
        ...step,
        iteration,
      }));
      return { ...descent, point, gap, history, ended: reached ? "converged" : "exhausted" };
    }
    // The estimate was too bold: nearer, from where it stopped.
    descent = { ...descent, ended: null, enough: descent.enough / 8 };
  }
}

/** The strength at which no weight leaves zero. */
function topOf({ l1, weights }: Objective, gradient: Float64Array, lambda: number): number {
  let top = 0;
  for (let j = 0; j < weights; j++)
    if (l1[j] > 0) top = Math.max(top, (lambda * Math.abs(gradient[j])) / l1[j]);
  return top;
}

/** The columns that the sequential strong rule keeps, those not at zero and those without a penalty of their size. */
function kept(now: Objective, before: Objective, { w, gradient, active }: PathState): Float64Array {
  const own = new Set(active);
  const found: number[] = [];
  for (let j = 0; j < now.weights; j++) {
    if (own.has(j) || w[j] !== 0 || !(Math.abs(gradient[j]) < 2 * now.l1[j] - before.l1[j])) found.push(j);
  }
  return Float64Array.from(found);
}

function violators(
  { l1, weights }: Objective,
  { gradient }: Evaluated,
  active: ReadonlySet<number>,
): number[] {
  const found: number[] = [];
  for (let j = 0; j < weights; j++) {
    if (!active.has(j) && Math.abs(gradient[j]) > l1[j] * (1 + 1e-9)) found.push(j);
  }
  return found;
}

function chosenOf(active: Float64Array, columns: number): Uint32Array {
  const chosen = new Uint32Array(active.length + 1);
  chosen.set(active);
  chosen[active.length] = columns;
  return chosen;
}
