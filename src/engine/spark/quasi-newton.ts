import type { Step, Stop } from "../../train/solvers/solver";
import type { Aggregation } from "../aggregate";
import type { Evaluated, Objective } from "./objective";
import { axpy, dot } from "./vector";

/**
 * The pairs of steps and changes of the gradient that stand for the curvature: many, since a round over a cluster costs more
 * than what they save of it, but for parameters so many that pairs would not fit memory and checkpoints.
 */
const memoryFor = (parameters: number): number => (parameters <= 2_000_000 ? 30 : 10);
const decrease = 1e-4;
const mostTrials = 30;
/** A rise of the value within this share of it is rounding. */
const rounding = 1e-14;

/** A step and the change of the gradient along it. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** All that the next iteration depends on: what is written down each round, to go on from after any loss. */
export interface Descent {
  /** The weights, then the intercept. */
  readonly w: Float64Array;
  /** The diagonal that stands for the Hessian before any step was taken. */
  readonly metric: Float64Array;
  readonly point: Evaluated;
  readonly pairs: readonly Pair[];
  readonly history: readonly Step[];
  /** The gradient's norm at the start. */
  readonly first: number;
  /** The estimate of what the value lacks below which a bound of it is asked for. */
  readonly enough: number;
  readonly gap: number;
  readonly ended: "converged" | "stuck" | "exhausted" | null;
}

/** What a descent tells as it goes on. */
export interface Watcher {
  /** Called with the state after each iteration. @throws to end the descent */
  reached(descent: Descent): void;
  seconds(): number;
}

/** The state at a start. */
export function* begun(
  objective: Objective,
  w: Float64Array,
  metric: Float64Array,
  stop: Stop,
  watcher: Watcher,
): Aggregation<Descent> {
  const point = yield* objective.at(w);
  const first = normOf(pseudoGradient(objective, w, point.gradient), metric);
  const descent: Descent = {
    w,
    metric,
    point,
    pairs: [],
    history: [
      { iteration: 0, objective: point.value, gradientNorm: first === 0 ? 0 : 1, seconds: watcher.seconds() },
    ],
    first,
    enough: stop.tolerance,
    gap: Number.NaN,
    ended: null,
  };
  watcher.reached(descent);
  return descent;
}

/**
 * L-BFGS in variables scaled by the root of a diagonal (Liu and Nocedal, 1989), and where weights are penalised by their size
 * OWL-QN (Andrew and Gao, 2007): one aggregate an iteration as a rule, since the step of one is tried first. Goes on
 * until a proven bound of what the value lacks is within the tolerance.
 * @param proven whether to ask for the bound; else an estimate of it decides, which costs nothing
 */
export function* descend(
  objective: Objective,
  from: Descent,
  stop: Stop,
  watcher: Watcher,
  proven: boolean = true,
): Aggregation<Descent> {
  let descent = from;
  while (descent.ended === null) {
    descent = yield* judged(objective, descent, stop, proven);
    if (descent.ended === null) descent = yield* advanced(objective, descent, watcher);
    watcher.reached(descent);
  }
  return descent;
}

/** Ends a descent that has reached its tolerance or its last iteration; the bound is asked for when it may hold. */
function* judged(objective: Objective, descent: Descent, stop: Stop, proven: boolean): Aggregation<Descent> {
  const { w, point, metric, history, first } = descent;
  const pg = pseudoGradient(objective, w, point.gradient);
  const lacking = estimate(pg, metric) / point.value;
  const exhausted = history.length > stop.maxIterations;
  if (!(lacking <= descent.enough) && !exhausted) return descent;
  if (!proven) return { ...descent, ended: exhausted ? "exhausted" : "converged" };
  const gap = yield* objective.gap(w, point);
  const norm = first === 0 ? 0 : normOf(pg, metric) / first;
  const reached = Number.isNaN(gap) ? norm <= stop.tolerance : gap <= stop.tolerance * point.value;
  const ended = reached ? "converged" : exhausted ? "exhausted" : null;
  return { ...descent, gap, ended, enough: Math.min(descent.enough, lacking) / 4 };
}

function* advanced(objective: Objective, descent: Descent, watcher: Watcher): Aggregation<Descent> {
  const { w, point, metric, pairs, history, first } = descent;
  const pg = pseudoGradient(objective, w, point.gradient);
  const p = direction(pg, metric, pairs);
  const signed = objective.l1.some((strength) => strength > 0);
  if (signed) align(p, pg, objective.weights);
  const slope = dot(pg, p);
  let t = 1;
  for (let trial = 0; trial < mostTrials && slope < 0; trial++) {
    const next = moved(objective, w, p, pg, t);
    let expected = 0;
    for (let j = 0; j < next.length; j++) expected += pg[j] * (next[j] - w[j]);
    const found = yield* objective.at(next);
    const allowed = point.value + decrease * expected;
    if (found.value <= allowed || (trial > 0 && found.value <= point.value * (1 + rounding))) {
      const norm = normOf(pseudoGradient(objective, next, found.gradient), metric);
      const step: Step = {
        iteration: history.length,
        objective: found.value,
        gradientNorm: first === 0 ? 0 : norm / first,
        seconds: watcher.seconds(),
      };
      return {
        ...descent,
        w: next,
        point: found,
        pairs: remembered(pairs, w, next, point.gradient, found.gradient),
        history: [...history, step],
      };
    }
    t *= shorter(point.value, expected, found.value);
  }
  return pairs.length > 0 ? { ...descent, pairs: [] } : { ...descent, ended: "stuck" };
}

/** The minimum of the parabola through both values and the slope, within a tenth and a half of the step. */
function shorter(value: number, expected: number, found: number): number {
  const share = -expected / (2 * (found - value - expected));
  return Number.isFinite(share) ? Math.min(0.5, Math.max(0.1, share)) : 0.1;
}

/** The subgradient of the objective of least size: where a weight is zero, what the penalty does not hold. */
function pseudoGradient({ l1, weights }: Objective, w: Float64Array, gradient: Float64Array): Float64Array {
  const pg = gradient.slice();
  for (let j = 0; j < weights; j++) {
    const strength = l1[j];
    if (strength === 0) continue;
    if (w[j] !== 0) pg[j] += w[j] > 0 ? strength : -strength;
    else pg[j] = pg[j] > strength ? pg[j] - strength : pg[j] < -strength ? pg[j] + strength : 0;
  }
  return pg;
}

/** -H pg by the two loops (Nocedal and Wright, 2006, algorithm 7.4), which begin with the diagonal. */
function direction(pg: Float64Array, metric: Float64Array, pairs: readonly Pair[]): Float64Array {
  const p = pg.map((x) => -x);
  const inverses = pairs.map(({ s, y }) => 1 / dot(s, y));
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    alphas[k] = inverses[k] * dot(pairs[k].s, p);
    axpy(-alphas[k], pairs[k].y, p);
  }
  const gamma = pairs.length === 0 ? 1 : scaleOf(pairs[pairs.length - 1], metric);
  for (let j = 0; j < p.length; j++) p[j] *= gamma / metric[j];
  for (let k = 0; k < pairs.length; k++) {
    const { s, y } = pairs[k];
    axpy(alphas[k] - inverses[k] * dot(y, p), s, p);
  }
  return p;
}

function scaleOf({ s, y }: Pair, metric: Float64Array): number {
  let scaled = 0;
  for (let j = 0; j < y.length; j++) scaled += (y[j] * y[j]) / metric[j];
  return dot(s, y) / scaled;
}

/** Leaves out what the approximate Hessian turned against the subgradient. */
function align(p: Float64Array, pg: Float64Array, weights: number): void {
  for (let j = 0; j < weights; j++) if (!(p[j] * pg[j] < 0)) p[j] = 0;
}

/** A step along the direction; weights that are penalised by size stay within the orthant they are in or move into. */
function moved(
  { l1, weights }: Objective,
  w: Float64Array,
  p: Float64Array,
  pg: Float64Array,
  t: number,
): Float64Array {
  const next = w.slice();
  axpy(t, p, next);
  for (let j = 0; j < weights; j++) {
    if (l1[j] === 0) continue;
    const side = w[j] !== 0 ? w[j] : -pg[j];
    if (!(next[j] * side > 0)) next[j] = 0;
  }
  return next;
}

function remembered(
  pairs: readonly Pair[],
  w: Float64Array,
  next: Float64Array,
  before: Float64Array,
  after: Float64Array,
): readonly Pair[] {
  const s = next.map((x, j) => x - w[j]);
  const y = after.map((x, j) => x - before[j]);
  if (!(dot(s, y) > 0)) return pairs;
  return [...pairs.slice(pairs.length === memoryFor(w.length) ? 1 : 0), { s, y }];
}

function estimate(pg: Float64Array, metric: Float64Array): number {
  return normOf(pg, metric) ** 2 / 2;
}

function normOf(pg: Float64Array, metric: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < pg.length; j++) sum += (pg[j] * pg[j]) / metric[j];
  return Math.sqrt(sum);
}
