import type { FitReport } from "../model/linear";
import type { Link } from "../model/scorer";
import type { SolverName } from "./options";
import type { PenaltyPlan } from "./penalty-options";
import type { Stop } from "./solvers/solver";

/** A fit in full but for its rows: model, penalty and start. */
export interface Plan {
  readonly penalty: PenaltyPlan;
  readonly link: Link;
  readonly classes: number;
  readonly fitIntercept: boolean;
  /** 1 where a weight may vary, or `null` for all; softmax only. */
  readonly mask: Uint8Array | null;
  readonly start: Start;
  readonly stop: Stop;
  readonly solver: "auto" | SolverName;
  readonly seed: number;
}

/** Where to start, in the order of a model's weights and intercepts. */
export interface Start {
  /** `null` where all are zero, so that none need be kept. */
  readonly weights: Float64Array | null;
  readonly intercepts: Float64Array;
}

/** What a fit found. */
export interface Solution {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}
