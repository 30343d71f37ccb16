import { solveCholesky } from "../train/cholesky";
import { Box } from "../train/level-box";
import type { Monitor } from "../train/monitor";
import type { Aggregation, RowLoss } from "./aggregate";
import type { LevelTask } from "./level-task";
import { lossesOf } from "./packed-fitters";

/** What a refit of levels found. */
export interface LevelsFound {
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  readonly objective: number;
  readonly passes: number;
  readonly converged: boolean;
}

const mostSteps = 60;
/** The decrease that is still to be had, by the quadratic model, as a share of the objective: the model is one of few steps. */
const tolerance = 1e-10;
/** The same where the descent ends: levels are within the root of it. */
const least = 1e-16;

/** Secant steps at most to where a direction ends. */
const mostTurns = 5;

interface Point {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The objective in levels and intercepts. */
class LevelSums {
  passes = 0;
  readonly #task: LevelTask;
  readonly #losses: readonly RowLoss[];
  readonly #outputs: number;

  constructor(task: LevelTask) {
    this.#task = task;
    const { link, classes } = task;
    this.#losses = lossesOf({ link, classes });
    this.#outputs = link === "binary" ? 1 : classes;
  }

  *point(at: Float64Array): Aggregation<Point> {
    const { lambda, levels, positions, parameters, worth, fitIntercept } = this.#task;
    const { sums: gradient, loss } = yield* this.#gathered("gradient", at);
    let value = loss;
    positions.forEach((_, i) => {
      const strength = lambda / this.#unit(i) ** 2;
      const w = levels.length === 0 ? worth[i] : worth[i] * at[parameters[i]];
      value += (strength / 2) * w * w;
      if (levels.length > 0) gradient[parameters[i]] += strength * w * worth[i];
    });
    if (!fitIntercept) gradient.fill(0, levels.length);
    return { at, value, gradient };
  }

  /** The diagonal of the Hessian, without what weights of one level have in common. */
  *diagonal(at: Float64Array): Aggregation<Float64Array> {
    const { lambda, levels, positions, parameters, worth } = this.#task;
    const { sums: found } = yield* this.#gathered("diagonal", at);
    if (levels.length > 0) {
      positions.forEach((_, i) => {
        found[parameters[i]] += (lambda / this.#unit(i) ** 2) * worth[i] ** 2;
      });
    }
    return found.map((h) => (h > 0 ? h : 1));
  }

  #unit(i: number): number {
    const { scale, positions } = this.#task;
    return scale === null ? 1 : scale[Math.floor(positions[i] / this.#outputs)];
  }

  *#gathered(
    kind: "gradient" | "diagonal",
    at: Float64Array,
  ): Aggregation<{ readonly sums: Float64Array; readonly loss: number }> {
    const { columns, levels, positions, parameters, worth, factors, part } = this.#task;
    const outputs = this.#outputs;
    const out = new Float64Array(at.length);
    const own = outputs / this.#losses.length;
    let total = 0;
    for (const [k, loss] of this.#losses.entries()) {
      const w = new Float64Array((columns + 1) * own);
      const place = (i: number) => Math.floor(positions[i] / outputs) * own + (positions[i] % outputs) - k;
      const mine = (i: number) => own === outputs || positions[i] % outputs === k;
      positions.forEach((_, i) => {
        if (mine(i)) w[place(i)] = levels.length === 0 ? worth[i] : worth[i] * at[parameters[i]];
      });
      w.set(at.subarray(levels.length + k, levels.length + k + own), columns * own);
      this.passes++;
      const state = { loss, parameters: w, factors, part };
      const sums = yield { operation: { kind }, state };
      total += sums.loss;
      const each = kind === "gradient" ? sums.gradient : sums.curvature;
      if (levels.length > 0) {
        positions.forEach((_, i) => {
          if (!mine(i)) return;
          out[parameters[i]] += each[place(i)] * (kind === "gradient" ? worth[i] : worth[i] ** 2);
        });
      }
      for (let o = 0; o < own; o++) out[levels.length + k + o] = each[columns * own + o];
    }
    return { sums: out, loss: total };
  }
}

/**
 * Fits levels and intercepts by aggregates alone: a quasi-Newton descent (BFGS; Nocedal and Wright, 2006, algorithm 6.1) in few numbers,
 * whose gradient is that of all weights, gathered; it begins with the diagonal of the Hessian. Within bounds steps are projected, and
 * what lies at a bound and is pulled beyond it stays (Bertsekas, 1982).
 */
export function* fitLevelsBy(task: LevelTask, monitor: Monitor): Aggregation<LevelsFound> {
  const { levels, intercepts } = task;
  const sums = new LevelSums(task);
  const size = levels.length + intercepts.length;
  const box = task.box && new Box(task.box.lower, task.box.upper);
  const start = Float64Array.of(...levels, ...intercepts);
  let here = yield* sums.point(box?.nearest(start) ?? start);
  const H = new Float64Array(size * size);
  (yield* sums.diagonal(here.at)).forEach((h, i) => {
    H[i * size + i] = 1 / h;
  });
  let converged = false;
  for (let step = 0; step < mostSteps && !converged; step++) {
    monitor.check();
    monitor.report(step, mostSteps, `objective ${here.value.toPrecision(5)}`);
    const direction = directionOf(H, here.gradient, box?.held(here.at, here.gradient) ?? []);
    const slope = dot(direction, here.gradient);
    const close = -slope <= 2 * tolerance * here.value;
    converged = -slope <= 2 * least * here.value;
    if (converged) break;
    const next: Point | null = close
      ? yield* flatter(sums, here, direction, box)
      : yield* lower(sums, here, direction, box);
    if (next === null) {
      converged = close;
      break;
    }
    update(H, minus(next.at, here.at), minus(next.gradient, here.gradient));
    here = next;
  }
  const at = here.at;
  return {
    levels: at.slice(0, levels.length),
    intercepts: at.slice(levels.length),
    ...{ objective: here.value, passes: sums.passes, converged },
  };
}

/** The quasi-Newton direction in the parameters that are not held: with held ones at rest the slopes that hold them are unknown. */
function directionOf(H: Float64Array, gradient: Float64Array, held: readonly number[]): Float64Array {
  const n = gradient.length;
  const slopes = gradient.slice();
  for (const i of held) slopes[i] = 0;
  const own = times(H, slopes);
  const block = Float64Array.from(held.flatMap((i) => held.map((j) => H[i * n + j])));
  const pulls = solveCholesky(
    block,
    Float64Array.from(held, (i) => -own[i]),
  );
  held.forEach((i, a) => {
    slopes[i] = pulls?.[a] ?? 0;
  });
  const direction = times(H, slopes).map((x) => -x);
  for (const i of held) direction[i] = 0;
  return direction;
}

/** A point along the direction at which the objective is low enough (Armijo), `null` where there is none. */
function* lower(
  sums: LevelSums,
  from: Point,
  direction: Float64Array,
  box: Box | null,
): Aggregation<Point | null> {
  for (let t = 1; t > 1e-8; t /= 2) {
    const { at, way } = stepped(from, direction, t, box);
    const slope = dot(way, from.gradient);
    if (!(slope < 0)) continue;
    const next = yield* sums.point(at);
    if (next.value <= from.value + 1e-4 * t * slope) return next;
  }
  return null;
}

/**
 * A point along the direction from which it goes on down, or not half as steeply up as it began, else `null`: so near to the minimum the
 * objective falls by less than its sums are rounded by, and slopes alone tell (Hager and Zhang, 2005, section 4).
 */
function* flatter(
  sums: LevelSums,
  from: Point,
  direction: Float64Array,
  box: Box | null,
): Aggregation<Point | null> {
  let t = 1;
  for (let turn = 0; turn < mostTurns; turn++) {
    const { at, way } = stepped(from, direction, t, box);
    const slope = dot(way, from.gradient);
    const next = yield* sums.point(at);
    const after = dot(way, next.gradient);
    if (after <= -slope / 2) return next;
    t *= slope / (slope - after);
  }
  return null;
}

/** Where a step ends, within bounds, and the way there in units of t. */
function stepped(
  { at }: Point,
  direction: Float64Array,
  t: number,
  box: Box | null,
): { readonly at: Float64Array; readonly way: Float64Array } {
  const far = at.map((x, i) => x + t * direction[i]);
  if (box === null) return { at: far, way: direction };
  const near = box.nearest(far);
  return { at: near, way: near.map((x, i) => (x - at[i]) / t) };
}

/** Takes a step s and the change y of the gradient on it into the inverse of the Hessian. */
function update(H: Float64Array, s: Float64Array, y: Float64Array): void {
  const sy = dot(s, y);
  if (!(sy > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y)))) return;
  const Hy = times(H, y);
  const factor = (1 + dot(y, Hy) / sy) / sy;
  const n = s.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) H[i * n + j] += factor * s[i] * s[j] - (s[i] * Hy[j] + Hy[i] * s[j]) / sy;
  }
}

function times(H: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  return v.map((_, i) => dot(H.subarray(i * n, (i + 1) * n), v));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x - b[i]);
}
