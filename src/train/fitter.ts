import type { FitReport } from "../model/linear";
import { type Choice, chooseSolver, type Shape } from "./choose";
import { compositePenalty } from "./composite-penalty";
import type { Design } from "./design";
import type { CurvedLoss } from "./losses/curved";
import type { LogisticLoss } from "./losses/logistic";
import type { Loss } from "./losses/loss";
import type { Monitor } from "./monitor";
import type { SolverName } from "./options";
import { L2Penalty, strengthsOf } from "./penalties/l2";
import { NoPenalty } from "./penalties/none";
import type { Penalty } from "./penalties/penalty";
import { boundsOf, type PenaltyPlan } from "./penalty-options";
import type { Plan, Solution } from "./plan";
import { Problem } from "./problem";
import { Carry } from "./solvers/carry";
import { choleskyNewton } from "./solvers/cholesky-newton";
import { dualDescent } from "./solvers/dual";
import { lbfgs } from "./solvers/lbfgs";
import { newton } from "./solvers/newton";
import { proxNewton } from "./solvers/prox-newton";
import type { Outcome } from "./solvers/solver";
import { warningsOf } from "./warnings";

/** Directions of L-BFGS, of one pass over the data each, that stand for a Newton step where the solver is chosen by shape. */
const directions = 10;
/** The epochs that the ascent of the dual is tried for, where the solver is chosen by shape. */
const trial = 30;

/** What a fitter found, and the mean loss there without the penalty. The weights may be those that the next fit moves. */
export interface FitterSolution extends Solution {
  readonly loss: number;
  /** Places, ascending, of all weights that are not zero, where they are known. */
  readonly support?: Uint32Array | null;
}

/** Minimises one problem for one penalty after another, each from where the last ended. */
export class Fitter {
  readonly #design: Design;
  readonly #plan: Plan;
  readonly #loss: Loss;
  readonly #frozen: Uint8Array | null;
  readonly #choice: Choice;
  readonly #w: Float64Array;
  #carry: Carry | undefined;

  /** @param fits that are to come, about */
  constructor(design: Design, plan: Plan, loss: Loss, start: Plan["start"], fits: number = 1) {
    const K = loss.outputs;
    const weights = design.columns * K;
    this.#design = design;
    this.#plan = plan;
    this.#loss = loss;
    this.#frozen = frozenOf(plan, weights, K);
    this.#w = design.parameters(K);
    if (start.weights !== null) this.#w.set(start.weights);
    this.#w.set(start.intercepts, weights);
    this.#choice = chooseSolver(plan, shapeOf(design));
    if (this.#choice.solver === "newton-cholesky") loss.reserve();
    if (this.#choice.solver === "prox-newton") this.#carry = new Carry(design, K, fits);
  }

  /** Leaves the room of what lasts from fit to fit to others; the fitter is of no use any more. */
  close(): void {
    this.#carry?.close();
  }

  /** @throws `cancelled` */
  fit(penalty: PenaltyPlan, monitor: Monitor): FitterSolution {
    const design = this.#design;
    const mark = design.arena.mark();
    const before = design.passes;
    const { solver } = this.#choice;
    const {
      outcome,
      passes,
      value,
      support = null,
      choice = this.#choice,
    } = solver === "prox-newton"
      ? this.#shrink(penalty, monitor)
      : solver === "dual"
        ? this.#ascend(penalty, monitor)
        : this.#descend(penalty, monitor, solver);
    const loss = outcome.objective - value;
    const plan = { ...this.#plan, penalty };
    const read = passes + design.passes - before;
    const { stored } = design.given;
    const found = reportOf(outcome, this.#loss, plan, choice, read);
    const fit = stored === null ? found : { ...found, storedAs: stored };
    const solution = this.#solution(plan);
    design.arena.rewind(mark);
    return { ...solution, loss, fit, support };
  }

  #descend(plan: PenaltyPlan, monitor: Monitor, solver: SolverName): Found {
    const design = this.#design;
    const penalty = smoothPenalty(plan, design.arena.scratch(design.columns), this.#loss.outputs);
    const problem = new Problem(design, this.#loss, penalty, this.#frozen);
    const method = solver === "newton-cholesky" ? choleskyNewton : solver === "lbfgs" ? lbfgs : newton;
    const { stop } = this.#plan;
    const most = solver === "lbfgs" && this.#plan.solver === "auto" ? directions : 1;
    const limits = { ...stop, maxIterations: most * stop.maxIterations };
    const outcome = method.minimise(problem, this.#w, limits, monitor);
    return { outcome, passes: 0, value: penalty.value(this.#w) };
  }

  #shrink(plan: PenaltyPlan, monitor: Monitor): Found {
    const design = this.#design;
    const loss = this.#loss as CurvedLoss;
    const { columns } = design;
    const table = { columns, outputs: loss.outputs, scale: plan.scale, frozen: this.#frozen };
    const penalty = compositePenalty(plan, table);
    const problem = { design, loss, penalty, freeIntercepts: this.#plan.fitIntercept };
    this.#carry!.weaken(plan.lambda);
    const outcome = proxNewton(problem, this.#w, this.#plan.stop, monitor, this.#carry);
    const { objective, stirred } = outcome;
    const support = penalty.corners === null ? null : stirred;
    return { outcome, passes: 0, value: objective - outcome.loss, support };
  }

  #ascend(penalty: PenaltyPlan, monitor: Monitor): Found {
    const { fitIntercept, seed, stop } = this.#plan;
    const { positive } = this.#loss as LogisticLoss;
    const { lambda, scale, weights } = penalty;
    const even = scale === null && weights === null;
    const strengths = even ? lambda : strengthsOf(penalty, this.#design.columns);
    const task = { positive, strengths, fitIntercept, seed };
    const counted = this.#design.passes;
    const tried = this.#plan.solver === "auto";
    const found = dualDescent(this.#design, task, this.#w, tried ? { ...stop, trial } : stop, monitor);
    const history = found.history.map(({ violation, ...step }) => ({ ...step, gradientNorm: violation }));
    const ascent = {
      outcome: { ...found, history, gradientNorm: found.violation },
      passes: found.passes - (this.#design.passes - counted),
      value: found.objective - found.loss,
    };
    const given = tried && !found.converged && history.length > trial;
    return given ? this.#goOn(ascent, penalty, monitor) : ascent;
  }

  /** Newton's method from where the ascent was given up. */
  #goOn({ outcome: before, passes }: Found, penalty: PenaltyPlan, monitor: Monitor): Found {
    const { outcome, value } = this.#descend(penalty, monitor, "newton");
    const epochs = before.history.length - 1;
    const history = outcome.history.slice(1).map((step) => ({
      ...step,
      iteration: epochs + step.iteration,
      gradientNorm: before.gradientNorm * step.gradientNorm,
      seconds: before.seconds + step.seconds,
    }));
    return {
      outcome: {
        ...outcome,
        history: [...before.history, ...history],
        gradientNorm: before.gradientNorm * outcome.gradientNorm,
        seconds: before.seconds + outcome.seconds,
      },
      ...{ passes, value },
      choice: { solver: "newton", reason: `the dual was far from its maximum after ${epochs} epochs` },
    };
  }

  /** Softmax leaves a shift of all outputs undetermined where nothing holds it; centred, the answer is one. */
  #solution({ link, mask, penalty, fitIntercept }: Plan): Omit<Solution, "fit"> {
    const { columns } = this.#design;
    const K = this.#loss.outputs;
    const found = link === "softmax" ? this.#w.slice() : this.#w;
    const { lower, upper, weights, groups } = penalty;
    const held = mask !== null || lower !== null || upper !== null || groups !== null;
    const free = (j: number) => !held && (penalty.name === "none" || weights?.[j] === 0);
    for (let j = 0; link === "softmax" && j < columns; j++) if (free(j)) centre(found, j, K);
    if (link === "softmax" && fitIntercept) centre(found, columns, K);
    return { weights: found.subarray(0, columns * K), intercepts: found.slice(columns * K) };
  }
}

interface Found {
  readonly outcome: Outcome;
  /** Passes beyond those that the design has counted. */
  readonly passes: number;
  /** The penalty at the solution. */
  readonly value: number;
  readonly support?: Uint32Array | null;
  /** Where another solver ended it than the one that was chosen. */
  readonly choice?: Choice;
}

/** What the choice of a solver looks at. */
export function shapeOf({ rows, columns, nonzeros, matrix }: Design): Shape {
  return { rows, columns, nonzeros, dense: matrix[0] === 0 };
}

function smoothPenalty(
  { lambda, scale, weights, name }: PenaltyPlan,
  room: Float64Array,
  outputs: number,
): Penalty {
  if (name === "none") return new NoPenalty();
  return new L2Penalty(lambda, room.length, outputs, scale, weights, room);
}

function reportOf(
  outcome: Outcome,
  loss: Loss,
  { penalty, stop, solver }: Plan,
  choice: Choice,
  passes: number,
): FitReport {
  const bounded = boundsOf(penalty) !== null;
  // Within bounds the best weights may well be finite, and then the fit has converged.
  const separated = penalty.name === "none" && !(bounded && outcome.converged) && loss.separates();
  return {
    solver: choice.solver,
    solverReason: choice.reason,
    converged: outcome.converged && !separated,
    objective: outcome.objective,
    dualityGap: outcome.gap,
    iterations: outcome.history.length - 1,
    passes,
    history: outcome.history,
    seconds: outcome.seconds,
    warnings: warningsOf(outcome, separated, stop, solver),
  };
}

/** 1 for each parameter that stays where it starts, `null` for none. */
export function frozenOf({ mask, fitIntercept }: Plan, weights: number, outputs: number): Uint8Array | null {
  if (mask === null && fitIntercept) return null;
  const frozen = new Uint8Array(weights + outputs);
  for (let j = 0; j < weights; j++) frozen[j] = mask === null || mask[j] === 1 ? 0 : 1;
  return frozen.fill(fitIntercept ? 0 : 1, weights);
}

/** Takes the mean over the outputs from the parameters of a column. */
function centre(w: Float64Array, column: number, K: number): void {
  const mean = w.subarray(column * K, (column + 1) * K).reduce((sum, x) => sum + x, 0) / K;
  for (let k = 0; k < K; k++) w[column * K + k] -= mean;
}
