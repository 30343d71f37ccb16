import type { Design } from "../design";
import type { Likelihood } from "./likelihood";

/** Pivots below this share of the diagonal are what 32-bit features and rounding leave of a dependent column. */
const leastPivot = 1e-12;

/** The information of more parameters would take minutes to invert. */
export const mostParameters = 2000;

/** What the inverse of the observed information tells. */
export interface InvertedInformation {
  /** One for each parameter, `NaN` for an intercept that does not vary. */
  readonly standardErrors: Float64Array;
  /** Newton's step from the parameters to the maximum of the likelihood, as its quadratic model has it. */
  readonly step: Float64Array;
  /** The length of that step in standard errors. */
  readonly distance: number;
}

/** Where the information cannot be inverted. */
export interface Singular {
  /** A parameter that depends on those before it. */
  readonly parameter: number;
  /** The direction, in all parameters, along which the likelihood has next to no curvature. */
  readonly direction: Float64Array;
}

/** Inverts the information of a likelihood, scaled to a diagonal of ones, by Cholesky's factor. */
export function invertInformation(
  design: Design,
  likelihood: Likelihood,
  fitIntercept: boolean,
): InvertedInformation | Singular {
  const { width, score } = likelihood;
  const information = likelihood.information();
  const kept = Uint32Array.from(score.keys()).filter((at) => fitIntercept || (at + 1) % width !== 0);
  const n = kept.length;
  const L = design.arena.floats(n * n);
  const scale = Float64Array.from(kept, (at) => 1 / Math.sqrt(information[at * score.length + at]));
  for (let a = 0; a < n; a++) {
    if (!Number.isFinite(scale[a])) {
      const direction = new Float64Array(score.length);
      direction[kept[a]] = 1;
      return { parameter: kept[a], direction };
    }
    for (let b = 0; b <= a; b++) {
      L[a * n + b] = information[kept[a] * score.length + kept[b]] * scale[a] * scale[b];
    }
  }
  const failed = design.kernels.cholesky(n, L.byteOffset, leastPivot);
  if (failed < n) return singular(design, L, scale, kept, failed, score.length);
  const step = new Float64Array(score.length);
  const distance = solve(design, L, scale, kept, score, step);
  const standardErrors = new Float64Array(score.length).fill(Number.NaN);
  const roots = rootsOfInverse(design, L, n);
  kept.forEach((at, a) => {
    standardErrors[at] = roots[a] * scale[a];
  });
  return { standardErrors, step, distance };
}

function singular(
  { arena, kernels }: Design,
  L: Float64Array,
  scale: Float64Array,
  kept: Uint32Array,
  failed: number,
  length: number,
): Singular {
  const n = kept.length;
  const x = arena.floats(n);
  x.set(L.subarray(failed * n, failed * n + failed));
  kernels.backwardSolve(failed, n, L.byteOffset, x.byteOffset);
  const direction = new Float64Array(length);
  for (let a = 0; a < failed; a++) direction[kept[a]] = -x[a] * scale[a];
  direction[kept[failed]] = scale[failed];
  return { parameter: kept[failed], direction };
}

/** Writes the step, and returns its length in the norm of the information. */
function solve(
  { arena, kernels }: Design,
  L: Float64Array,
  scale: Float64Array,
  kept: Uint32Array,
  score: Float64Array,
  step: Float64Array,
): number {
  const n = kept.length;
  const x = arena.floats(n);
  kept.forEach((at, a) => {
    x[a] = score[at] * scale[a];
  });
  kernels.forwardSolve(n, n, L.byteOffset, x.byteOffset);
  const distance = Math.sqrt(kernels.dot(n, x.byteOffset, x.byteOffset));
  kernels.backwardSolve(n, n, L.byteOffset, x.byteOffset);
  kept.forEach((at, a) => {
    step[at] = x[a] * scale[a];
  });
  return distance;
}

/** The roots of the diagonal of (L L')^-1: the lengths of the columns of L^-1, each zero above the diagonal. */
function rootsOfInverse({ arena, kernels }: Design, L: Float64Array, n: number): Float64Array {
  const x = arena.floats(n);
  return Float64Array.from({ length: n }, (_, j) => {
    const rest = n - j;
    x.fill(0);
    x[0] = 1;
    kernels.forwardSolve(rest, n, L.byteOffset + 8 * j * (n + 1), x.byteOffset);
    return Math.sqrt(kernels.dot(rest, x.byteOffset, x.byteOffset));
  });
}
