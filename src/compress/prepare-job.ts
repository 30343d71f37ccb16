import type { Link } from "../model/scorer";
import type { Design } from "../train/design";
import type { ModuleJob } from "../train/job";
import type { Monitor } from "../train/monitor";
import { followPath, type PathOutcome, type Strengths } from "../train/path-job";
import { type PenaltyPlan, ridge } from "../train/penalty-options";
import type { Plan } from "../train/plan";
import { denseOf } from "../train/sparse-weights";
import { interceptsOf } from "../train/start";
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
export function run(design: Design, task: PrepareTask, monitor: Monitor): Prepared {
  const outputs = task.link === "binary" ? 1 : task.classes;
  const half = (from: number): Monitor => ({
    check: monitor.check,
    report: (done, total, message) => monitor.report(from + done / total, 2, message),
  });
  const ridges = pathOf(design, task, ridge(1, task.scale), task.lambdas, half(0));
  const lasso: PenaltyPlan = { ...ridge(1, task.scale), name: "l1", l1Ratio: 1 };
  const lassos = pathOf(design, task, lasso, task.l1, half(1));
  const startOf = (step: PathOutcome["steps"][number], name: string, price: boolean): Start => {
    const { places, values } = step.weights;
    const kept = largestOf(places, values, outputs, task.scale, task.most);
    const scaleAt = (i: number) =>
      task.scale === null ? 1 : task.scale[Math.floor(kept.places[i] / outputs)];
    const mean = kept.values.reduce((sum, w, i) => sum + Math.abs(w) / scaleAt(i), 0) / kept.values.length;
    // Along the path a weight is about worth what the penalty takes of it; an eighth starts well before that.
    const mu = price && kept.values.length > 0 ? (step.lambda * mean) / weightBits / 8 : 0;
    return { name: `${name} ${step.lambda.toPrecision(3)}`, ...kept, intercepts: step.intercepts, mu };
  };
  return {
    baselines: ridges.steps.map((step) => ({
      lambda: step.lambda,
      heldOut: heldOutOf(marginsOf(design, step, outputs), outputs, task.link, design.labels, task.test),
      start: startOf(step, "l2", false),
    })),
    starts: lassos.steps
      .filter(({ weights }) => weights.places.length > 0)
      .map((step) => startOf(step, "l1", true)),
  };
}

function pathOf(
  design: Design,
  task: PrepareTask,
  penalty: PenaltyPlan,
  strengths: Strengths,
  monitor: Monitor,
): PathOutcome {
  const { link, classes, shares } = task;
  const intercepts = interceptsOf(design.labels, shares, classes, link, true);
  const plan: Plan = {
    penalty,
    link,
    classes,
    fitIntercept: true,
    mask: null,
    start: { weights: new Float64Array(design.columns * intercepts.length), intercepts },
    stop: { tolerance: 1e-3, maxIterations: 100 },
    solver: "auto",
    seed: 0,
  };
  return followPath(design, { plan, strengths, shares, earlyStop: false }, monitor);
}

function marginsOf(
  design: Design,
  { weights, intercepts }: PathOutcome["steps"][number],
  outputs: number,
): Float64Array {
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
