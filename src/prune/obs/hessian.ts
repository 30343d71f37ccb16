import type { Kernels } from "../../simd/kernels";
import type { Pace } from "../../train/pace";
import type { LocalProblem } from "./curvature";

/** The Hessian of an objective around a model in some of its parameters, wherever the rows are that it is a sum over. */
export interface PlacedHessian {
  /** The place of each parameter: of a weight in the model's table, of intercept k behind the table. */
  readonly places: Uint32Array;
  readonly kernels: Kernels;
  /** Writes the lower triangle, row after row; what lies above it is of no meaning. */
  form(out: Float64Array, pace: Pace): Promise<void>;
  /** The problem where its rows are in memory, from which weights go in rounds where there are too many; else `null`. */
  readonly local: LocalProblem | null;
}

/** Adds the curvature of the L2 penalty to the diagonal. @param strengths of each parameter, 0 for intercepts */
export function addStrengths(H: Float64Array, strengths: Float64Array): void {
  const n = strengths.length;
  for (let p = 0; p < n; p++) H[p * n + p] += strengths[p];
}

/** Softmax does not see a shift of all its intercepts, the last K parameters: curvature along it makes the Hessian regular. */
export function pinIntercepts(H: Float64Array, n: number, K: number): void {
  let sum = 0;
  for (let i = n - K; i < n; i++) sum += H[i * n + i];
  const pin = sum > 0 ? sum / (K * K) : 1;
  for (let i = n - K; i < n; i++) for (let j = n - K; j <= i; j++) H[i * n + j] += pin;
}
