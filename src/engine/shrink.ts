import type { Design } from "../train/design";
import type { Monitor } from "../train/monitor";
import type { CompositePenalty } from "../train/penalties/composite";
import type { CompositeOutcome } from "../train/solvers/prox-newton";
import type { Step, Stop } from "../train/solvers/solver";
import type { Aggregate, AggregateState, Aggregation, RowLoss } from "./aggregate";
import { gapAt } from "./dual-point";
import { type KeptSet, type Look, StreamedSet } from "./streamed-set";

/** Below this share of the objective a decrease drowns in rounding. */
const rounding = 1e-13;
/** A step that leaves no more of the violation than this keeps its curvature for the next. */
const quick = 0.1;

/** A loss over rows wherever they are, and a penalty without need of smoothness. */
export interface StreamedProblem {
  /** Room for working sets; its rows do not matter. */
  readonly design: Design;
  readonly loss: RowLoss;
  readonly penalty: CompositePenalty;
  readonly freeIntercepts: boolean;
  /** The shares of the classes, which sum to one. */
  readonly masses: Float64Array;
  /** The most parameters whose Hessian is formed. */
  readonly largest: number;
  /** Where to aggregate. */
  state(parameters: Float64Array): AggregateState;
}

/** What one fit leaves to the next of a path: the loss and its gradient where it ended, and the strength it had. */
export interface Left {
  readonly at: Aggregate;
  /** The share of a block's norm that must hold it at zero, see `Carry.hold`. */
  readonly hold: number;
}

/** Where a fit stands between two steps: all that the next depends on, but for what aggregates there tell again. */
export interface ShrinkState {
  readonly w: Float64Array;
  readonly history: readonly Step[];
  readonly steps: number;
  /** The violation at the start. */
  readonly first: number;
  readonly stuck: boolean;
  /** Whether the set's Hessian may be gone on with. */
  readonly keep: boolean;
  readonly set: KeptSet | null;
}

/** The state of a fit that starts at weights that an earlier one left. */
export function begunAt(w: Float64Array): ShrinkState {
  return { w, history: [], steps: 0, first: 0, stuck: false, keep: false, set: null };
}

/** How a fit can be gone on with after it was lost. */
interface Resumption {
  /** Where to go on, `null` for a start. */
  readonly from: ShrinkState | null;
  /** Called with the state before each step. */
  readonly reached: (state: ShrinkState) => void;
}

/** Where {@link shrink} ended. */
interface Shrunk extends CompositeOutcome {
  readonly at: Aggregate;
}

/**
 * Proximal Newton on working sets, as `proxNewton`, by aggregates alone: a gradient over all columns tells which blocks violate
 * optimality most; these and those not at zero, as many as there is room for, get one Hessian, whose model is minimised by block
 * descent without the rows; the objective decides how far to go. A step takes two passes, or one where the last step's
 * Hessian still does. Moves `w`.
 * @param left by the fit before, which ended at `w`
 * @param resumption left out, no state is told
 */
export function* shrink(
  problem: StreamedProblem,
  w: Float64Array,
  stop: Stop,
  monitor: Monitor,
  left: Left | null = null,
  resumption: Resumption | null = null,
): Aggregation<Shrunk> {
  const from = resumption?.from ?? null;
  const { tolerance, maxIterations } = stop;
  const history: Step[] = [...(from?.history ?? [])];
  const started = performance.now() - 1000 * (history[history.length - 1]?.seconds ?? 0);
  const seconds = () => (performance.now() - started) / 1000;
  const sets = new StreamedSet(problem);
  if (from !== null) w.set(from.w);
  else if (left === null) problem.penalty.project(w);
  let at = left?.at ?? copied(yield { operation: { kind: "gradient" }, state: problem.state(w) });
  let { steps, first, stuck, keep, set } = from ?? begunAt(w);
  try {
    if (set !== null) yield* restored(problem, sets, set, keep);
    for (;;) {
      monitor.check();
      resumption?.reached({ w: w.slice(), history: [...history], steps, first, stuck, keep, set });
      const look = lookAt(problem, w, at, steps === 0 ? (left?.hold ?? 1) : 1);
      const { value, violation } = look;
      if (first === 0) first = violation;
      const relative = first === 0 ? 0 : violation / first;
      history.push({
        iteration: history.length,
        objective: value,
        gradientNorm: relative,
        seconds: seconds(),
      });
      monitor.report(steps, maxIterations, `objective ${value.toPrecision(5)}`);
      const over = stuck || steps >= maxIterations;
      if (over || violation === 0 || sets.guess(w, look) <= tolerance * value) {
        const gap = yield* gapAt(problem, at, w, tolerance * value);
        const done = Number.isNaN(gap) ? relative <= tolerance : gap <= tolerance * value;
        const limit = Number.isNaN(gap) ? relative <= 1e-9 : gap <= 1e-12 * value;
        if (done || over || violation === 0) {
          return {
            ...{ converged: done || limit, objective: value, gap, gradientNorm: relative, violation, steps },
            ...{ loss: at.loss, stirred: look.stirred, history, seconds: seconds(), at },
          };
        }
      }
      const kept = sets.choose(w, look, keep);
      if (!kept) {
        const { parameters } = sets;
        if (resumption !== null) set = sets.kept(w);
        const answer = yield { operation: { kind: "curvature", parameters }, state: problem.state(w) };
        sets.curve(answer.curvature);
      }
      steps++;
      sets.descend(at.loss, monitor.check);
      const before = sets.violation(at.loss);
      const moved = yield* search(problem, sets, w, look);
      stuck = moved === null && !kept;
      keep = moved !== null && moved.violation <= quick * before;
      if (moved !== null) at = moved.at;
    }
  } finally {
    sets.close();
  }
}

/** Takes a set up again, with its Hessian where that may be gone on with: summed where it was, it has the same bits. */
function* restored(
  problem: StreamedProblem,
  sets: StreamedSet,
  set: KeptSet,
  keep: boolean,
): Aggregation<void> {
  sets.restore(set);
  if (!keep) return;
  const { parameters } = sets;
  const answer = yield { operation: { kind: "curvature", parameters }, state: problem.state(set.curvedAt) };
  sets.curve(answer.curvature);
}

function lookAt(
  { penalty, freeIntercepts, loss }: StreamedProblem,
  w: Float64Array,
  at: Aggregate,
  hold: number,
): Look & { readonly value: number } {
  const { gradient } = at;
  const stirred = penalty.stirred(w, gradient, hold);
  const excess = new Float64Array(stirred.length);
  const intercepts = gradient.subarray(gradient.length - (loss.kind === "softmax" ? loss.classes : 1));
  const violation = intercepts.reduce(
    (most, slope) => (freeIntercepts ? Math.max(most, Math.abs(slope)) : most),
    penalty.excess(w, gradient, stirred, excess),
  );
  return { gradient, loss: at.loss, stirred, excess, violation, value: at.loss + penalty.value(w, stirred) };
}

/** Goes from `w` towards the model's minimum as far as the objective falls, or where that drowns in rounding, the violation. */
function* search(
  problem: StreamedProblem,
  sets: StreamedSet,
  w: Float64Array,
  { loss, value }: Look & { readonly value: number },
): Aggregation<{ readonly at: Aggregate; readonly violation: number } | null> {
  const slope = sets.slope();
  if (!(slope <= rounding * value)) return null;
  const flat = Math.abs(slope) <= rounding * value;
  const before = sets.violation(loss);
  const next = w.slice();
  for (let t = 1; t > 1e-10; t /= 2) {
    const change = sets.place(next, t);
    const at = yield { operation: { kind: "gradient" }, state: problem.state(next) };
    const violation = sets.violationThere(at.gradient, at.loss);
    if (flat ? violation < before : at.loss - loss + change <= 1e-4 * t * slope) {
      w.set(next);
      return { at: copied(at), violation };
    }
    if (flat) return null;
  }
  return null;
}

function copied(at: Aggregate): Aggregate {
  return { ...at, gradient: at.gradient.slice(), sides: at.sides.slice() };
}
