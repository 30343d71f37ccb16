import { grouped } from "../base/grouped";
import type { LinearScorer } from "../model/linear";
import { Arena } from "../simd/memory";
import type { Pace } from "../train/pace";
import type { RoundingSystems } from "./compensation-systems";
import { hessianDiagonal, ridgeAt } from "./curvature";
import type { Grid } from "./grid";
import type { CodingRows } from "./rows";

/** The most weights of an output whose Hessian is formed and factored at once. */
export const mostDense = 2048;

/** Weights to be rounded so that each makes up for the errors of those before. */
interface Compensation {
  readonly model: LinearScorer;
  readonly rows: Pick<CodingRows, "diagonal" | "systems">;
  /** Where the weights lie, ascending. */
  readonly positions: Uint32Array;
  readonly values: Float64Array;
  /** What the i-th weight can become. */
  readonly gridOf: (i: number) => Grid;
  /** The strength of the L2 penalty. */
  readonly lambda: number;
  /** The most weights whose Hessian is formed and factored at once. Default {@link mostDense}. */
  readonly most?: number;
}

/** The codes of the weights, and the intercepts that go with them. */
interface Compensated {
  readonly codes: Int32Array;
  readonly intercepts: Float64Array;
}

/**
 * Rounds weights one after another, the one with the most curvature first; the error of each moves those that are still to come,
 * and the intercept, to where the quadratic model of the loss is least again: optimal brain quantization in a fixed order (Frantar et
 * al., 2023, "GPTQ", section 3), here with the exact Hessian of the logistic loss plus penalty. Done by the factor of the Hessian
 * itself, since that order of roundings is Babai's nearest plane (Chen et al., 2025, "The geometry of LLM quantization").
 *
 * Each output is one system, cut into blocks of `most` weights beyond that. Later blocks, and for `softmax` other
 * outputs, see the errors of earlier ones, see {@link RoundingSystems}. A Hessian that is singular gets as much added to its diagonal as makes it regular.
 */
export async function compensated(task: Compensation, pace: Pace): Promise<Compensated> {
  const { model, rows, positions, values, lambda, most = mostDense } = task;
  const { outputs } = model;
  const diagonal = hessianDiagonal(model, await rows.diagonal(model), positions, lambda);
  const order = Uint32Array.from(positions.keys()).sort((a, b) => diagonal[b] - diagonal[a] || a - b);
  const codes = new Int32Array(positions.length);
  const intercepts = model.intercepts.slice();
  const arena = new Arena();
  const systems = await rows.systems(model, positions, arena);
  let done = 0;
  for (let k = 0; k < outputs; k++) {
    const own = order.filter((i) => positions[i] % outputs === k);
    for (let from = 0; from < own.length; from += most) {
      const block = own.slice(from, from + most);
      arena.clear();
      roundBlock(task, arena, systems, k, block, codes, intercepts);
      done += block.length;
      pace.report(done, values.length, `${grouped(done)} of ${grouped(values.length)} weights rounded`);
      await pace.rest();
    }
  }
  return { codes, intercepts };
}

function roundBlock(
  { model, positions, values, gridOf, lambda }: Compensation,
  arena: Arena,
  systems: RoundingSystems,
  k: number,
  block: Uint32Array,
  codes: Int32Array,
  intercepts: Float64Array,
): void {
  const { outputs, scale } = model;
  const places = block.map((i) => positions[i]).sort();
  const placeOf = new Map(Array.from(places, (at, p) => [at, p]));
  const { hessian, pulled, lower } = systems.open(k, places);
  const { kernels } = systems;
  const n = block.length + 1;
  // The intercept first and then the weights in reverse, since the factor is used from its end.
  const at = Uint32Array.from({ length: n }, (_, a) =>
    a === 0 ? n - 1 : placeOf.get(positions[block[n - 1 - a]])!,
  );
  // An intercept that stays makes up for nothing.
  if (!model.fitIntercept) hessian.fill(0, (n - 1) * n, n * n).fill(1, n * n - 1, n * n);
  const ridge = Float64Array.from({ length: n }, (_, a) =>
    a === 0 ? 0 : ridgeAt(positions[block[n - 1 - a]], outputs, scale, lambda),
  );
  const L = arena.floats(n * n);
  factor(L, hessian, at, ridge, (floor) => kernels.cholesky(n, L.byteOffset, floor));
  const before = Float64Array.from({ length: n }, (_, a) =>
    a === 0 ? intercepts[k] : values[block[n - 1 - a]],
  );
  const target = arena.floats(n);
  if (pulled !== null) {
    for (let a = model.fitIntercept ? 0 : 1; a < n; a++) target[a] = pulled[at[a]];
    kernels.forwardSolve(n, n, L.byteOffset, target.byteOffset);
    kernels.backwardSolve(n, n, L.byteOffset, target.byteOffset);
  }
  for (let a = 0; a < n; a++) target[a] += before[a];
  const change = new Float64Array(n);
  const owed = new Float64Array(n);
  for (let a = n - 1; a >= 1; a--) {
    const i = block[n - 1 - a];
    const wanted = target[a] + owed[a] / L[a * n + a];
    const grid = gridOf(i);
    codes[i] = grid.nearest(wanted);
    const value = grid.valueAt(codes[i]);
    change[at[a]] = before[a] - value;
    const error = target[a] - value;
    for (let b = 0; b < a; b++) owed[b] += error * L[a * n + b];
  }
  const intercept = target[0] + owed[0] / L[0];
  change[at[0]] = before[0] - intercept;
  intercepts[k] = intercept;
  lower(change);
}

/** The lower triangle of the Hessian in another order, and its factor in its place. */
function factor(
  L: Float64Array,
  H: Float64Array,
  at: Uint32Array,
  ridge: Float64Array,
  cholesky: (floor: number) => number,
): void {
  const n = at.length;
  let largest = Number.MIN_VALUE;
  for (let a = 0; a < n; a++) largest = Math.max(largest, H[at[a] * (n + 1)] + ridge[a]);
  for (let extra = 0; ; extra = Math.max(100 * extra, 1e-12 * largest)) {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        const [low, high] = at[a] < at[b] ? [at[a], at[b]] : [at[b], at[a]];
        L[a * n + b] = H[high * n + low];
      }
      L[a * n + a] += ridge[a] + extra;
    }
    if (cholesky(1e-14 * largest) === n) return;
  }
}
