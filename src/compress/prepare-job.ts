import type { Design } from "../train/design";
import type { ModuleJob } from "../train/job";
import type { Monitor } from "../train/monitor";
import { type PenaltyPlan, ridge } from "../train/penalty-options";
import type { Start as FloatStart } from "../train/plan";
import { denseOf } from "../train/sparse-weights";
import { strongestLambda } from "../train/strongest";
import { run as baselinesOf } from "./baseline-job";
import { type FloatTask, floatPlan, type Step, steps } from "./float-path";
import type { HeldOut } from "./held-out";
import type { Part } from "./parts";
import { largestOf, type Start } from "./start";

/** What a fold, or all rows, are asked for before the descent: where to start, and what the uncompressed model says of rows left out. */
interface PrepareTask extends FloatTask {
  /** The strength of the L2 fit to start from. */
  readonly lambda: number;
  /**
   * The L1 path whose steps the descents start from: their number, the last strength as a share of the first, and how many are
   * wanted, spread evenly over those that have weights.
   */
  readonly l1: { readonly count: number; readonly ratio: number; readonly wanted: number };
  /** The most weights of a start. */
  readonly most: number;
  readonly shares: Float64Array;
  /** Whether starts of a descent are wanted at all. */
  readonly descends: boolean;
  /** The smaller folds whose rows the uncompressed model is to judge. */
  readonly fine: readonly Part[];
}

/** What came of it. */
export interface Prepared {
  readonly starts: readonly Start[];
  /** Of each smaller fold. */
  readonly heldOut: readonly HeldOut[];
}

/** The duality gap relative to the objective at which L2 fits end. */
const tolerance = 1e-3;
/** The bits that a weight costs, about: its position and its code. */
const weightBits = 12;

/** The job of a {@link PrepareTask}. */
export function prepareJob(task: PrepareTask): ModuleJob {
  return { kind: "module", file: __filename, task };
}

/** Does it: the L2 fit first, from which those of the smaller folds begin. @throws `cancelled` */
export function run(whole: Design, task: PrepareTask, monitor: Monitor): Prepared {
  const outputs = task.link === "binary" ? 1 : task.classes;
  const mark = whole.arena.mark();
  const design = whole.withShares(task.shares);
  const { count, ratio, wanted } = task.l1;
  const starts: Start[] = [];
  const l2 = floatPlan(design, task, ridge(1, task.scale), tolerance);
  let dense: FloatStart | null = null;
  for (const step of steps(design, l2, [task.lambda], monitor)) {
    starts.push(startOf(step, task, outputs, false));
    dense = { weights: denseOf(step.weights), intercepts: step.intercepts };
  }
  const lasso: PenaltyPlan = { ...ridge(1, task.scale), name: "l1", l1Ratio: 1 };
  const plan = floatPlan(design, task, lasso, 5e-2);
  const strongest = strongestLambda(design, plan).lambda;
  const lambdas = Array.from(
    { length: task.descends ? count : 0 },
    (_, i) => strongest * ratio ** ((i + 1) / count),
  );
  const path: Start[] = [];
  const fits = count + task.fine.length;
  let done = 0;
  for (const step of steps(design, plan, lambdas, monitor)) {
    if (step.weights.places.length > 0) path.push(startOf(step, task, outputs, true));
    monitor.report(++done, fits, `lambda ${step.lambda.toPrecision(2)}`);
  }
  whole.arena.rewind(mark);
  const inner = Math.min(wanted, path.length);
  for (let i = 1; i <= inner; i++) starts.push(path[Math.floor((i * path.length) / inner) - 1]);
  const told = {
    ...monitor,
    report: (at: number, _: number, message: string) => monitor.report(count + at, fits, message),
  };
  const parts = { ...task, lambdas: [task.lambda], parts: task.fine, tolerance };
  return { starts, heldOut: baselinesOf(whole, parts, told, dense).map(([found]) => found) };
}

function startOf({ lambda, weights, intercepts }: Step, task: PrepareTask, K: number, l1: boolean): Start {
  const kept = largestOf(weights.places, weights.values, K, task.scale, task.most);
  const scaleAt = (i: number) => (task.scale === null ? 1 : task.scale[Math.floor(kept.places[i] / K)]);
  const sum = kept.values.reduce((all, w, i) => all + Math.abs(w) / scaleAt(i), 0);
  // Along the path a weight is about worth what the penalty takes of it; an eighth starts well before that.
  const mu = l1 ? (lambda * sum) / kept.values.length / weightBits / 8 : 0;
  return { name: `${l1 ? "l1" : "l2"} ${lambda.toPrecision(3)}`, ...kept, intercepts, mu, dense: !l1 };
}
