import { compositePenalty } from "../train/composite-penalty";
import type { Design } from "../train/design";
import { Fitter, type FitterSolution, frozenOf } from "../train/fitter";
import type { Monitor } from "../train/monitor";
import type { PenaltyPlan } from "../train/penalty-options";
import type { Plan } from "../train/plan";
import { warningsOf } from "../train/warnings";
import { answeredHere, type FoldPart, type RowLoss } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { BlockPasses } from "./block-passes";
import { PackedAggregates } from "./packed-aggregates";
import { PackedLogistic } from "./packed-logistic";
import { PackedSoftmax } from "./packed-softmax";
import { type Left, shrink } from "./shrink";

/** Fits to packed rows, in full. */
export interface PackedProblem {
  readonly packed: PackedRows;
  readonly plan: Plan;
  /** Why the solver of the plan was taken. */
  readonly solverReason: string;
  /** What the weight of a row of each class is multiplied by for its share of the mean loss. */
  readonly factors: Float64Array;
  /** The shares of the classes. */
  readonly masses: Float64Array;
  /** The rows that count. */
  readonly part: FoldPart | null;
  /** The bytes that the fit may take. */
  readonly room: number;
}

/** Fits one penalty after another, each from where the last ended. */
export interface PackedFitter {
  /** @throws `cancelled` */
  fit(penalty: PenaltyPlan, monitor: Monitor): FitterSolution;
  close(): void;
}

/**
 * What fits each output or, where outputs share their rows' loss, all: made when it is called.
 * @param together whether all are used at a time
 */
export function packedFitters(
  design: Design,
  problem: PackedProblem,
  together: boolean,
): (() => PackedFitter)[] {
  const make = problem.plan.solver === "prox-newton" ? shrinkFitter : smoothFitter;
  const losses = lossesOf(problem.plan);
  const own = { ...problem, room: together ? problem.room / losses.length : problem.room };
  return losses.map((loss, k) => {
    const plan = { ...own.plan, mask: maskOf(own.plan, k) };
    return () => make(design, { ...own, plan }, loss, startOf(own.plan, k));
  });
}

/** The weights of output k that may vary. */
export function maskOf({ mask, link, classes }: Plan, k: number): Uint8Array | null {
  return mask === null || link !== "ovr" ? mask : mask.filter((_, j) => j % classes === k);
}

/** The losses of a plan: one, or one for each class where the link is `ovr`. */
export function lossesOf({ link, classes }: Pick<Plan, "link" | "classes">): RowLoss[] {
  if (link === "softmax") return [{ kind: "softmax", classes }];
  if (link === "binary") return [{ kind: "logistic", positive: 1 }];
  return Array.from({ length: classes }, (_, positive) => ({ kind: "logistic", positive }));
}

/** Where the fit of output k starts. */
export function startOf({ start, link, classes }: Plan, k: number): Plan["start"] {
  if (link !== "ovr") return start;
  return {
    weights: start.weights === null ? null : start.weights.filter((_, j) => j % classes === k),
    intercepts: start.intercepts.slice(k, k + 1),
  };
}

/** By Newton's method, whose losses keep their rows' derivatives on disk. */
function smoothFitter(
  design: Design,
  { packed, plan, solverReason, factors, part }: PackedProblem,
  loss: RowLoss,
  start: Plan["start"],
): PackedFitter {
  const softmax = loss.kind === "softmax";
  const passes = new BlockPasses(design, packed, factors, softmax ? loss.classes : 2, true);
  passes.weigh(factors, part);
  const own = softmax ? new PackedSoftmax(passes) : new PackedLogistic(passes, loss.positive);
  const fitter = new Fitter(design, plan, own, start);
  return {
    fit(penalty, monitor) {
      const solution = fitter.fit(penalty, monitor);
      return { ...solution, fit: { ...solution.fit, solverReason } };
    },
    close() {
      fitter.close();
      passes.close();
    },
  };
}

/** By proximal Newton on working sets. */
function shrinkFitter(
  design: Design,
  { packed, plan, solverReason, factors, masses, part, room }: PackedProblem,
  loss: RowLoss,
  start: Plan["start"],
): PackedFitter {
  const outputs = loss.kind === "softmax" ? loss.classes : 1;
  const { columns } = packed;
  const aggregates = new PackedAggregates(design, packed, outputs);
  const w = new Float64Array((columns + 1) * outputs);
  if (start.weights !== null) w.set(start.weights);
  w.set(start.intercepts, columns * outputs);
  const frozen = frozenOf(plan, columns * outputs, outputs);
  const table = { columns, outputs, scale: plan.penalty.scale, frozen };
  const largest = largestSet(design, room);
  let left: Left | null = null;
  let last = 0;
  return {
    fit(penalty, monitor) {
      const before = design.passes;
      const hold = penalty.lambda < last ? Math.max(leastHold, (penalty.lambda / last) ** lasting) : 1;
      last = penalty.lambda;
      const problem = {
        ...{ design, loss, masses, freeIntercepts: plan.fitIntercept },
        penalty: compositePenalty(penalty, table),
        largest,
        state: (parameters: Float64Array) => ({ loss, parameters, factors, part }),
      };
      const from: Left | null = left === null ? null : { ...(left as Left), hold };
      const outcome = answeredHere(aggregates.aggregate, shrink(problem, w, plan.stop, monitor, from));
      left = { at: outcome.at, hold: 1 };
      const intercepts = w.slice(columns * outputs);
      if (loss.kind === "softmax" && plan.fitIntercept) centre(intercepts);
      return {
        weights: w.slice(0, columns * outputs),
        intercepts,
        loss: outcome.loss,
        fit: {
          solver: "prox-newton",
          solverReason,
          converged: outcome.converged,
          objective: outcome.objective,
          dualityGap: outcome.gap,
          iterations: outcome.history.length - 1,
          passes: design.passes - before,
          history: outcome.history,
          seconds: outcome.seconds,
          warnings: warningsOf(outcome, false, plan.stop),
        },
      };
    },
    close: () => aggregates.close(),
  };
}

/** As in `Carry`: strengths of a path that a working set is to last for, and the least share of the norm that this may leave. */
const lasting = 2;
const leastHold = 0.5;
/** Squares of the working set that are held: two sums over blocks and the model, each as much again for what was outgrown. */
const squares = 6;
const leastSet = 64;

/** The most parameters whose Hessian fits beside what is taken. */
function largestSet({ arena }: Design, room: number): number {
  return Math.max(leastSet, sideIn(room - arena.bytes));
}

/** The parameters whose Hessian fits a room. */
export function sideIn(room: number): number {
  return Math.floor(Math.sqrt(Math.max(0, room) / (8 * squares)));
}

function centre(numbers: Float64Array): void {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  for (let k = 0; k < numbers.length; k++) numbers[k] -= mean;
}
