import { checkKeys, checkLength, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import type { Dataset, Label } from "../matrix/dataset";
import type { FeatureBounds, FitReport } from "../model/linear";
import type { Link } from "../model/scorer";
import type { FitWarning } from "../model/warning";
import { solveCholesky } from "./cholesky";
import { type Box, boxOf } from "./level-box";
import { LevelProblem } from "./level-problem";
import { Pace } from "./pace";
import { sharesOf } from "./shares";
import type { Step } from "./solvers/solver";

/** A quantized model as `fitLevels` takes it: which parameter each stored weight has, and what the parameters are worth. */
export interface LevelParts {
  readonly link: Link;
  readonly classes: readonly Label[];
  /** Where the stored weights lie in the `features x outputs` table, ascending. */
  readonly positions: Uint32Array;
  /** The parameter, a level or a scale, of each position; below the number of `levels`. */
  readonly parameters: Uint32Array;
  /** What the parameter of each position is multiplied by; `null` for ones. */
  readonly factors: Float64Array | null;
  /** The value of each parameter at the start. */
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** Within what the weights stay, as they are; see `LinearParts`. Default `null`: no bounds. */
  readonly bounds?: FeatureBounds | null;
  /** Whether the levels stay as they are and the intercepts alone are fitted. Default false. */
  readonly held?: boolean;
  /** Whether the intercepts are fitted; where not they keep their values. Default true. */
  readonly fitIntercept?: boolean;
}

/** How to refit levels. */
export interface LevelOptions {
  /** The strength of the L2 penalty on the mean loss. */
  readonly lambda: number;
}

/** What a refit of levels found. */
interface LevelFit {
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

/** Newton's matrix is dense: more levels would take gigabytes and minutes. */
const mostLevels = 1024;
const maxIterations = 50;
const tolerance = 1e-10;

/**
 * Fits the values of levels or scales, each shared by any number of weights, and the intercepts at fixed codes, which
 * costs a packed model no byte: Newton's method on one parameter a level, of which there may be 1024. Within bounds, which each
 * level shares with all weights that have it, it is the projected method (Bertsekas, 1982).
 * @throws `length-mismatch`, `invalid-option`, `invalid-label`, `cancelled`
 */
export async function fitLevels(
  data: Dataset,
  parts: LevelParts,
  options: LevelOptions,
  watch: Watch = {},
): Promise<LevelFit> {
  checkKeys(options, ["lambda"], "fitLevels");
  const lambda = checkNumber(options.lambda, "lambda", { min: 0 });
  checkLength(parts.parameters.length, parts.positions.length, "parameters");
  if (parts.factors !== null) checkLength(parts.factors.length, parts.positions.length, "factors");
  checkLevels(parts.levels);
  const pace = new Pace(watch, "refit of levels");
  const problem = problemOf(data, parts, lambda);
  const start = new Float64Array(problem.size);
  start.set(parts.levels);
  start.set(parts.intercepts, problem.levels);
  const { point, fit } = await minimise(problem, boxOf(parts), start, pace);
  return { levels: point.slice(0, problem.levels), intercepts: point.slice(problem.levels), fit };
}

/** @throws `invalid-option` for more levels than a refit has room for */
export function checkLevels(levels: Float64Array): void {
  if (levels.length > mostLevels) {
    fail("invalid-option", {
      thing: "number of levels to refit",
      value: levels.length,
      expected: `at most ${mostLevels}`,
      remedy:
        'Take fewer bits or parts, the method "uniform", of which scales alone are refitted, or no refit.',
    });
  }
}

/** Sums the features by parameter. */
function problemOf(data: Dataset, parts: LevelParts, lambda: number): LevelProblem {
  const { features, rows } = data;
  const { positions, parameters, factors, link, scale } = parts;
  const K = link === "binary" ? 1 : data.classes.length;
  const L = parts.levels.length;
  const strengths = new Float64Array(L);
  const starts = new Uint32Array(data.columns + 1);
  const found = Array.from({ length: K }, () => new Set<number>());
  positions.forEach((position, at) => {
    const column = Math.floor(position / K);
    starts[column + 1]++;
    const weight = (factors === null ? 1 : factors[at]) / (scale === null ? 1 : scale[column]);
    strengths[parameters[at]] += lambda * weight * weight;
    found[position % K].add(parameters[at]);
  });
  for (let j = 0; j < data.columns; j++) starts[j + 1] += starts[j];
  const active = found.map((own) => Uint32Array.from(own).sort());
  const offsets: number[] = [];
  const local = new Int32Array(K * L);
  let stride = 0;
  active.forEach((own, k) => {
    offsets.push(stride);
    own.forEach((parameter, a) => {
      local[k * L + parameter] = stride + a;
    });
    stride += own.length;
  });
  const places = positions.map((position, at) => local[(position % K) * L + parameters[at]]);
  const values = new Float64Array(rows * stride);
  for (let i = 0; i < rows; i++) {
    const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
    const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
    for (let e = from; e < to; e++) {
      const column = features.kind === "dense" ? e - from : features.indices[e];
      const x = features.values === null ? 1 : features.values[e];
      for (let at = starts[column]; at < starts[column + 1]; at++) {
        values[i * stride + places[at]] += factors === null ? x : x * factors[at];
      }
    }
  }
  const table = { active, offsets, stride, values };
  const { held = false, fitIntercept = true } = parts;
  return new LevelProblem(
    table,
    L,
    K,
    link,
    data.labels,
    sharesOf(data, null),
    strengths,
    held,
    fitIntercept,
  );
}

async function minimise(
  problem: LevelProblem,
  box: Box | null,
  start: Float64Array,
  pace: Pace,
): Promise<{ point: Float64Array; fit: FitReport }> {
  const started = performance.now();
  const history: Step[] = [];
  let point = box === null ? start : box.nearest(start);
  let converged = false;
  let first = 0;
  for (let iteration = 0; iteration <= maxIterations; iteration++) {
    const { value, gradient, hessian } = problem.quadratic(point);
    box?.hold(point, gradient, hessian);
    const norm = Math.hypot(...gradient);
    if (iteration === 0) first = norm;
    const seconds = (performance.now() - started) / 1000;
    history.push({ iteration, objective: value, gradientNorm: first === 0 ? 0 : norm / first, seconds });
    const step = newtonStep(hessian, gradient);
    const slope = step.reduce((sum, s, j) => sum + s * gradient[j], 0);
    converged = slope / 2 <= tolerance * value;
    if (converged || iteration === maxIterations) break;
    const next = descend(problem, box, point, step, value, gradient);
    if (next === null) break;
    point = next;
    pace.report(iteration + 1, maxIterations, `loss ${value.toPrecision(5)}`);
    await pace.rest();
  }
  const last = history[history.length - 1];
  const warning: FitWarning = {
    code: "not-converged",
    message: `Not converged after ${last.iteration} iterations: the gradient fell to ${last.gradientNorm.toExponential(2)} of its start.`,
    remedy: "Raise lambda.",
  };
  return {
    point,
    fit: {
      solver: "newton-cholesky",
      solverReason: "few parameters",
      converged,
      objective: last.objective,
      dualityGap: Number.NaN,
      iterations: last.iteration,
      passes: history.length,
      history,
      seconds: last.seconds,
      warnings: converged ? [] : [warning],
    },
  };
}

/** H^-1 g, with as much added to the diagonal as makes it solvable. */
function newtonStep(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  let top = 0;
  for (let j = 0; j < n; j++) top = Math.max(top, hessian[j * n + j]);
  for (let ridge = 1e-14 * top + Number.MIN_VALUE; ; ridge *= 100) {
    const A = hessian.slice();
    for (let j = 0; j < n; j++) A[j * n + j] += ridge;
    const step = solveCholesky(A, gradient);
    if (step?.every(Number.isFinite)) return step;
  }
}

/** The point after the longest step, halved as needed, that lowers the objective enough (Armijo); or `null`. */
function descend(
  problem: LevelProblem,
  box: Box | null,
  point: Float64Array,
  step: Float64Array,
  value: number,
  gradient: Float64Array,
): Float64Array | null {
  for (let t = 1; t > 1e-10; t /= 2) {
    const far = point.map((x, j) => x - t * step[j]);
    const next = box === null ? far : box.nearest(far);
    const fall = gradient.reduce((sum, g, j) => sum + g * (point[j] - next[j]), 0);
    if (fall > 0 && problem.value(next) <= value - 1e-4 * fall) return next;
  }
  return null;
}
