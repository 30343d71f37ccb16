import { solveCholesky } from "../train/cholesky";
import { LevelProblem } from "../train/level-problem";
import type { CodedState } from "./coded-state";
import { mergedRows } from "./merge-rows";

/** The least fall of the objective, relative, for which Newton's method goes on. */
const tolerance = 1e-6;
/** The rows, about, by which the curvature is known well enough for some thirty parameters of several outputs. */
const curved = 2_000;

/**
 * Newton's method on levels and intercepts at fixed symbols, in place; the objective never rises. Levels that no weight has
 * stay as they are.
 * @param lambda the strength of the penalty, that of the descent unless another is tried
 */
export class LevelRefit {
  readonly #state: CodedState;
  readonly #problem: LevelProblem;
  readonly #every: number;

  constructor(state: CodedState, lambda: number = state.task.lambda) {
    const { design, outputs: K, task } = state;
    const L = state.levels.length - 1;
    const strengths = new Float64Array(L);
    for (const at of state.support) {
      const j = Math.floor(at / K);
      strengths[state.symbols[at] - 1] += lambda / (task.scale === null ? 1 : task.scale[j] ** 2);
    }
    this.#state = state;
    const table = { values: state.levelSums(), labels: design.labels, shares: design.shares };
    const merged = mergedRows(table, K * L);
    const every = Uint32Array.from({ length: L }, (_, l) => l);
    const features = {
      active: Array.from({ length: K }, () => every),
      offsets: Array.from({ length: K }, (_, k) => k * L),
      stride: K * L,
      values: merged.values,
    };
    this.#every = K === 1 ? 1 : Math.max(1, Math.floor(merged.labels.length / curved));
    this.#problem = new LevelProblem(features, L, K, task.link, merged.labels, merged.shares, strengths);
  }

  /** The best levels and intercepts from those of the state. */
  solve(iterations: number): { levels: Float64Array; intercepts: Float64Array } {
    const { levels, intercepts } = this.#state;
    const L = levels.length - 1;
    let point = new Float64Array(this.#problem.size);
    point.set(levels.subarray(1));
    point.set(intercepts, L);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const next = this.#step(point);
      if (next === null) break;
      point = next;
    }
    return { levels: point.slice(0, L), intercepts: point.slice(L) };
  }

  #step(point: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> | null {
    const problem = this.#problem;
    const { value, gradient, hessian } = problem.quadratic(point, this.#every);
    const n = gradient.length;
    for (let l = 0; l < n; l++) hessian[l * n + l] = hessian[l * n + l] * (1 + 1e-10) + 1e-14;
    const step = solveCholesky(hessian, gradient);
    if (step === null) return null;
    const slope = step.reduce((sum, s, j) => sum + s * gradient[j], 0);
    if (!(slope > tolerance * value)) return null;
    for (let t = 1; t > 1e-4; t /= 2) {
      const next = point.map((x, j) => x - t * step[j]);
      if (problem.value(next) <= value - 1e-4 * t * slope) return next;
    }
    return null;
  }
}

/** Refits in place and computes the residuals anew. */
export function refitLevels(state: CodedState, iterations: number): void {
  const { levels, intercepts } = new LevelRefit(state).solve(iterations);
  state.levels.set(levels, 1);
  state.intercepts.set(intercepts);
  state.refresh();
}
