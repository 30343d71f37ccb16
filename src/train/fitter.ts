import type { FitReport } from "../model/linear";
import { type Choice, chooseSolver } from "./choose";
import type { Design } from "./design";
import type { CurvedLoss } from "./losses/curved";
import type { Loss } from "./losses/loss";
import type { Monitor } from "./monitor";
import type { CompositePenalty, Table } from "./penalties/composite";
import { GroupPenalty } from "./penalties/group";
import { L2Penalty } from "./penalties/l2";
import { NoPenalty } from "./penalties/none";
import type { Penalty } from "./penalties/penalty";
import { SeparablePenalty } from "./penalties/separable";
import type { PenaltyPlan } from "./penalty-options";
import type { Plan, Solution } from "./plan";
import { Problem } from "./problem";
import { newton } from "./solvers/newton";
import { Carry, proxNewton } from "./solvers/prox-newton";
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
  readonly #loss: CurvedLoss;
  readonly #frozen: Uint8Array | null;
  readonly #w: Float64Array;
  #carry: Carry | null = null;

  constructor(design: Design, plan: Plan, loss: CurvedLoss, start: Plan["start"]) {
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
    const choice = chooseSolver(plan, {
      rows: design.rows,
      columns: design.columns,
      nonzeros: design.nonzeros,
      dense: design.matrix[0] === 0,
    });
    this.#carry ??= choice.solver === "prox-newton" ? new Carry(design, this.#loss.outputs) : null;
    const mark = design.arena.mark();
    const passes = design.passes;
    const { outcome, strength } =
      choice.solver === "prox-newton" ? this.#composite(plan, monitor) : this.#smooth(plan, monitor);
    const loss = outcome.objective - strength;
    const fit = { ...reportOf(outcome, this.#loss, plan, choice), passes: design.passes - passes };
    design.arena.rewind(mark);
    return { ...this.#solution(plan), loss, fit };
  }

  /** Where a smooth solver ends, and the penalty there. */
  #smooth({ penalty, stop }: Plan, monitor: Monitor): Found {
    const design = this.#design;
    const smooth = smoothPenalty(penalty, design.columns, this.#loss.outputs);
    const problem = new Problem(design, this.#loss, smooth, this.#frozen);
    const outcome = newton.minimise(problem, this.#w, stop, monitor);
    return { outcome, strength: smooth.value(this.#w) };
  }

  /** Where descent by blocks ends, and the penalty there. */
  #composite({ penalty, stop, fitIntercept }: Plan, monitor: Monitor): Found {
    const design = this.#design;
    const loss = this.#loss;
    const table = {
      columns: design.columns,
      outputs: loss.outputs,
      scale: penalty.scale,
      frozen: this.#frozen,
    };
    const composite = compositePenalty(penalty, table);
    const problem = { design, loss, penalty: composite, freeIntercepts: fitIntercept };
    const outcome = proxNewton(problem, this.#w, stop, monitor, this.#carry!);
    return { outcome, strength: composite.value(this.#w) };
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

interface Found {
  readonly outcome: Outcome;
  readonly strength: number;
}

/** The penalty of a plan as descent by blocks takes it. */
function compositePenalty(plan: PenaltyPlan, table: Table): CompositePenalty {
  const { groups, weights, lower, upper } = plan;
  if (groups !== null) return new GroupPenalty(plan, table, groups, weights);
  const bounds = lower === null && upper === null ? null : { lower, upper };
  return new SeparablePenalty(plan, table, weights, bounds);
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
