import type { Step } from "../../train/solvers/solver";

/** What came of one descent. */
export interface Outcome {
  /** The weights, then the intercept. */
  readonly w: Float64Array;
  readonly converged: boolean;
  readonly objective: number;
  /** The mean loss, without the penalty. */
  readonly loss: number;
  readonly gap: number;
  readonly gradientNorm: number;
  readonly solver: "lbfgs" | "owl-qn" | "prox-newton";
  readonly history: readonly Step[];
  readonly seconds: number;
  /** Rounds over all rows, since the fit began or went on. */
  readonly rounds: number;
}
