import type { FitReport } from "../model/linear";
import { type Choice, chooseSolver, type Shape } from "./choose";
import type { Design } from "./design";
import type { Loss } from "./losses/loss";
import type { Monitor } from "./monitor";
import { L2Penalty } from "./penalties/l2";
import { NoPenalty } from "./penalties/none";
import type { Penalty } from "./penalties/penalty";
import type { PenaltyPlan } from "./penalty-options";
import type { Plan, Solution } from "./plan";
import { Problem } from "./problem";
import { newton } from "./solvers/newton";
import type { Outcome } from "./solvers/solver";
import { warningsOf } from "./warnings";

/** What a fitter found, and the mean loss there without the penalty. */
export interface FitterSolution extends Solution {
  readonly loss: number;
}

/** Minimises one problem for one penalty after another, each from where the last ended. */
export class Fitter {
  readonly #design: Design;
  readonly #plan: Plan;
  readonly #loss: Loss;
  readonly #frozen: Uint8Array | null;
  readonly #w: Float64Array;

  constructor(design: Design, plan: Plan, loss: Loss, start: Plan["start"]) {
    const K = loss.outputs;
    const weights = design.columns * K;
    this.#design = design;
    this.#plan = plan;
    this.#loss = loss;
    this.#frozen = frozenOf(plan, weights, K);
    this.#w = design.parameters(K);
    this.#w.set(start.weights);
    this.#w.set(start.intercepts, weights);
  }

  /** @throws `cancelled`; `invalid-option` for a solver that can't do it */
  fit(penalty: PenaltyPlan, monitor: Monitor): FitterSolution {
    const plan = { ...this.#plan, penalty };
    const design = this.#design;
    const { outputs } = this.#loss;
    const mark = design.arena.mark();
    const passes = design.passes;
    const choice = chooseSolver(plan, shapeOf(design));
    const smooth = smoothPenalty(penalty, design.columns, outputs);
    const problem = new Problem(design, this.#loss, smooth, this.#frozen);
    const outcome = newton.minimise(problem, this.#w, plan.stop, monitor);
    const loss = outcome.objective - smooth.value(this.#w);
    const fit = { ...reportOf(outcome, this.#loss, plan, choice), passes: design.passes - passes };
    design.arena.rewind(mark);
    return { ...this.#solution(plan), loss, fit };
  }

  /** Softmax leaves a shift of all outputs undetermined; centred, the answer is one. */
  #solution({ link, mask, penalty, fitIntercept }: Plan): Omit<Solution, "fit"> {
    const { columns } = this.#design;
    const K = this.#loss.outputs;
    const found = this.#w.slice();
    if (link === "softmax") centre(found, columns, K, penalty.name === "none" && mask === null, fitIntercept);
    return { weights: found.slice(0, columns * K), intercepts: found.slice(columns * K) };
  }
}

/** What the choice of a solver looks at. */
export function shapeOf({ rows, columns, nonzeros, matrix }: Design): Shape {
  return { rows, columns, nonzeros, dense: matrix[0] === 0 };
}

function smoothPenalty(
  { lambda, scale, weights, name }: PenaltyPlan,
  columns: number,
  outputs: number,
): Penalty {
  return name === "none" ? new NoPenalty() : new L2Penalty(lambda, columns, outputs, scale, weights);
}

function reportOf(outcome: Outcome, loss: Loss, { penalty, stop }: Plan, choice: Choice): FitReport {
  const separated = penalty.name === "none" && loss.separates();
  return {
    solver: choice.solver,
    solverReason: choice.reason,
    converged: outcome.converged && !separated,
    objective: outcome.objective,
    dualityGap: outcome.gap,
    iterations: outcome.history.length - 1,
    history: outcome.history,
    seconds: outcome.seconds,
    warnings: warningsOf(outcome, separated, stop),
  };
}

function frozenOf({ mask, fitIntercept }: Plan, weights: number, outputs: number): Uint8Array | null {
  if (mask === null && fitIntercept) return null;
  const frozen = new Uint8Array(weights + outputs);
  for (let j = 0; j < weights; j++) frozen[j] = mask === null || mask[j] === 1 ? 0 : 1;
  return frozen.fill(fitIntercept ? 0 : 1, weights);
}

/** Takes the mean over the outputs from what softmax leaves undetermined, so that the answer is one. */
function centre(w: Float64Array, columns: number, K: number, weights: boolean, intercepts: boolean): void {
  for (let c = weights ? 0 : columns; c < columns + (intercepts ? 1 : 0); c++) {
    const mean = w.subarray(c * K, (c + 1) * K).reduce((sum, x) => sum + x, 0) / K;
    for (let k = 0; k < K; k++) w[c * K + k] -= mean;
  }
}
