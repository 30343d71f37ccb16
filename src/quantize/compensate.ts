import { grouped } from "../base/grouped";
import type { Dataset } from "../matrix/dataset";
import { selectColumns } from "../matrix/select";
import type { LinearScorer } from "../model/linear";
import { loadKernels } from "../simd/load";
import { Arena } from "../simd/memory";
import { CrossProduct } from "../train/cross-product";
import { Design } from "../train/design";
import type { Pace } from "../train/pace";
import { type Curvature, curvatureOf, hessianDiagonal, outputCurvature, ridgeAt } from "./curvature";
import type { Grid } from "./grid";

/** The most weights of an output whose Hessian is formed and factored at once. */
export const mostDense = 2048;

/** Weights to be rounded so that each makes up for the errors of those before. */
interface Compensation {
  readonly model: LinearScorer;
  /** Rows whose labels are numbered as the model's classes. */
  readonly data: Dataset;
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
 * outputs, see the errors of earlier ones through the margins of the rows, which needs no Hessian between them. A Hessian
 * that is singular gets as much added to its diagonal as makes it regular.
 */
export async function compensated(task: Compensation, pace: Pace): Promise<Compensated> {
  const { model, data, positions, values, lambda, most = mostDense } = task;
  const { outputs } = model;
  const curvature = curvatureOf(model, data);
  const diagonal = hessianDiagonal(model, data, positions, lambda);
  const order = Uint32Array.from(positions.keys()).sort((a, b) => diagonal[b] - diagonal[a] || a - b);
  const codes = new Int32Array(positions.length);
  const intercepts = model.intercepts.slice();
  const errors = new Float64Array(data.rows * outputs);
  const arena = new Arena();
  let done = 0;
  for (let k = 0; k < outputs; k++) {
    const own = order.filter((i) => positions[i] % outputs === k);
    for (let from = 0; from < own.length; from += most) {
      const block = own.slice(from, from + most);
      arena.clear();
      roundBlock(task, arena, curvature, k, block, errors, codes, intercepts);
      done += block.length;
      pace.report(done, values.length, `${grouped(done)} of ${grouped(values.length)} weights rounded`);
      await pace.rest();
    }
  }
  return { codes, intercepts };
}

function roundBlock(
  { model, data, positions, values, gridOf, lambda }: Compensation,
  arena: Arena,
  curvature: Curvature,
  k: number,
  block: Uint32Array,
  errors: Float64Array,
  codes: Int32Array,
  intercepts: Float64Array,
): void {
  const { outputs, scale } = model;
  const columnOf = (i: number) => Math.floor(positions[i] / outputs);
  const columns = Uint32Array.from(block, columnOf).sort();
  const column = new Map(Array.from(columns, (j, c) => [j, c]));
  const features = selectColumns(data.features, columns);
  const design = Design.of(features, data.labels, curvature.shares, loadKernels, arena);
  const { kernels, matrix, rows } = design;
  const n = block.length + 1;
  // The intercept first and then the weights in reverse, since the factor is used from its end.
  const at = Uint32Array.from({ length: n }, (_, a) =>
    a === 0 ? n - 1 : column.get(columnOf(block[n - 1 - a]))!,
  );
  const product = new CrossProduct(design);
  const h = outputCurvature(curvature, k, outputs);
  product.h.set(h);
  product.add(product.h, product.block);
  // An intercept that stays makes up for nothing.
  if (!model.fitIntercept) product.block.fill(0, (n - 1) * n, n * n).fill(1, n * n - 1, n * n);
  const ridge = Float64Array.from({ length: n }, (_, a) =>
    a === 0 ? 0 : ridgeAt(positions[block[n - 1 - a]], outputs, scale, lambda),
  );
  const L = arena.floats(n * n);
  factor(L, product.block, at, ridge, (floor) => kernels.cholesky(n, L.byteOffset, floor));
  const before = Float64Array.from({ length: n }, (_, a) =>
    a === 0 ? intercepts[k] : values[block[n - 1 - a]],
  );
  const target = arena.floats(n);
  const pulled = pull(curvature, errors, k, outputs, model.link === "softmax", arena.floats(rows));
  if (pulled !== null) {
    const g = arena.floats(n);
    kernels.transposeTimes(...matrix, 1, pulled.byteOffset, g.byteOffset);
    for (let a = model.fitIntercept ? 0 : 1; a < n; a++) target[a] = g[at[a]];
    kernels.forwardSolve(n, n, L.byteOffset, target.byteOffset);
    kernels.backwardSolve(n, n, L.byteOffset, target.byteOffset);
  }
  for (let a = 0; a < n; a++) target[a] += before[a];
  const change = arena.floats(n);
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
  const moved = arena.floats(rows);
  kernels.times(...matrix, 1, change.byteOffset, moved.byteOffset);
  for (let i = 0; i < rows; i++) errors[i * outputs + k] += moved[i];
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

/** The gradient in the margins of output k of what errors in the margins cost, or `null` where there are none. */
function pull(
  { shares, fitted }: Curvature,
  errors: Float64Array,
  k: number,
  outputs: number,
  softmax: boolean,
  out: Float64Array,
): Float64Array | null {
  if (errors.every((error) => error === 0)) return null;
  for (let i = 0; i < out.length; i++) {
    const p = fitted[i * outputs + k];
    let mean = p * errors[i * outputs + k];
    if (softmax) {
      mean = 0;
      for (let l = 0; l < outputs; l++) mean += fitted[i * outputs + l] * errors[i * outputs + l];
    }
    out[i] = shares[i] * p * (errors[i * outputs + k] - mean);
  }
  return out;
}
