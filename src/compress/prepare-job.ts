import type { Link } from "../model/scorer";
import type { Design } from "../train/design";
import { fittersOf } from "../train/fit";
import type { ModuleJob } from "../train/job";
import type { Monitor } from "../train/monitor";
import { type PenaltyPlan, ridge, withStrength } from "../train/penalty-options";
import type { Plan } from "../train/plan";
import { denseOf, type SparseWeights, sparseOf } from "../train/sparse-weights";
import { interceptsOf } from "../train/start";
import { strongestLambda } from "../train/strongest";
import { type HeldOut, heldOutOf } from "./held-out";
import { largestOf, type Start } from "./start";

/** What a fold, or all rows, are asked for before the descent: the float model for each strength, and where to start. */
export interface PrepareTask {
  readonly link: Link;
  readonly classes: number;
  readonly scale: Float32Array | null;
  /** The strengths of the L2 penalty, from the strongest. */
  readonly lambdas: readonly number[];
  /** Of the L1 paths whose steps the descents start from: their number, and the last strength as a share of the first. */
  readonly l1: { readonly count: number; readonly ratio: number };
  /** The most weights of a start. */
  readonly most: number;
  readonly shares: Float64Array;
  /** The rows to judge by. */
  readonly test: Uint32Array;
}

/** The float model of a strength, and what it says of the rows to judge by. */
export interface Baseline {
  readonly lambda: number;
  readonly heldOut: HeldOut;
  readonly start: Start;
}

/** What a fold found. */
export interface Prepared {
  readonly baselines: readonly {
    readonly lambda: number;
    readonly heldOut: HeldOut;
    readonly start: Start;
  }[];
  readonly starts: readonly Start[];
}

/** The bits that a weight costs, about: its position and its code. */
const weightBits = 12;

/** The job of a {@link PrepareTask}. */
export function prepareJob(task: PrepareTask): ModuleJob {
  return { kind: "module", file: __filename, task };
}

/** Does it. @throws `cancelled` */
export function run(whole: Design, task: PrepareTask, monitor: Monitor): Prepared {
  const outputs = task.link === "binary" ? 1 : task.classes;
  const mark = whole.arena.mark();
  const design = whole.withShares(task.shares);
  const lasso: PenaltyPlan = { ...ridge(1, task.scale), name: "l1", l1Ratio: 1 };
  const l1 = planOf(design, task, lasso, 1e-2);
  const strongest = strongestLambda(design, l1).lambda;
  const total = task.lambdas.length + task.l1.count;
  const baselines: Baseline[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const step of steps(design, planOf(design, task, ridge(1, task.scale), 1e-3), task.lambdas, monitor)) {
    const margins = marginsOf(design, step, outputs);
    const heldOut = heldOutOf(margins, outputs, task.link, design.labels, task.test);
    baselines.push({ lambda: step.lambda, heldOut, start: startOf(step, task, outputs, false) });
    monitor.report(baselines.length, total, `lambda ${step.lambda.toPrecision(2)}`);
    const loss = heldOut.losses.reduce((sum, x) => sum + x, 0);
    // Weaker penalties are the slowest to fit, and once they harm they go on to.
    if (loss > 1.05 * least) break;
    least = Math.min(least, loss);
  }
  const { count, ratio } = task.l1;
  const lambdas = Array.from({ length: count }, (_, i) => strongest * ratio ** ((i + 1) / count));
  const starts: Start[] = [];
  for (const step of steps(design, l1, lambdas, monitor)) {
    if (step.weights.places.length > 0) starts.push(startOf(step, task, outputs, true));
    monitor.report(task.lambdas.length + starts.length, total, `lambda ${step.lambda.toPrecision(2)}`);
  }
  whole.arena.rewind(mark);
  return { baselines, starts };
}

/** A fit of the path. */
interface Step {
  readonly lambda: number;
  readonly weights: SparseWeights;
  readonly intercepts: Float64Array;
}

/** Fits one strength after another, each from where the last ended, as long as more are asked for. */
function* steps(design: Design, plan: Plan, lambdas: readonly number[], monitor: Monitor): Generator<Step> {
  const fitters = fittersOf(design, plan).map((make) => make());
  const quiet = { check: monitor.check, report() {} };
  for (const lambda of lambdas) {
    const found = fitters.map((fitter) => fitter.fit(withStrength(plan.penalty, lambda), quiet));
    const intercepts = Float64Array.from(found.flatMap((part) => [...part.intercepts]));
    yield { lambda, weights: sparseOf(found.map(({ weights }) => weights)), intercepts };
  }
}

function startOf({ lambda, weights, intercepts }: Step, task: PrepareTask, K: number, l1: boolean): Start {
  const kept = largestOf(weights.places, weights.values, K, task.scale, task.most);
  const scaleAt = (i: number) => (task.scale === null ? 1 : task.scale[Math.floor(kept.places[i] / K)]);
  const sum = kept.values.reduce((all, w, i) => all + Math.abs(w) / scaleAt(i), 0);
  // Along the path a weight is about worth what the penalty takes of it; an eighth starts well before that.
  const mu = l1 ? (lambda * sum) / kept.values.length / weightBits / 8 : 0;
  return { name: `${l1 ? "l1" : "l2"} ${lambda.toPrecision(3)}`, ...kept, intercepts, mu };
}

function planOf(design: Design, task: PrepareTask, penalty: PenaltyPlan, tolerance: number): Plan {
  const { link, classes, shares } = task;
  const intercepts = interceptsOf(design.labels, shares, classes, link, true);
  return {
    penalty,
    link,
    classes,
    fitIntercept: true,
    mask: null,
    start: { weights: new Float64Array(design.columns * intercepts.length), intercepts },
    stop: { tolerance, maxIterations: 100 },
    solver: "auto",
    seed: 0,
  };
}

function marginsOf(design: Design, { weights, intercepts }: Step, outputs: number): Float64Array {
  const { arena, kernels, matrix, rows } = design;
  const mark = arena.mark();
  const w = design.parameters(outputs);
  w.set(denseOf(weights));
  const out = arena.floats(rows * outputs);
  kernels.times(...matrix, outputs, w.byteOffset, out.byteOffset);
  const margins = out.map((m, at) => m + intercepts[at % outputs]);
  arena.rewind(mark);
  return margins;
}
