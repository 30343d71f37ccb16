import type { Design } from "../train/design";
import type { ModuleJob } from "../train/job";
import type { Monitor } from "../train/monitor";
import { ridge } from "../train/penalty-options";
import type { Start } from "../train/plan";
import { denseOf } from "../train/sparse-weights";
import { type FloatTask, floatPlan, type Step, steps } from "./float-path";
import { type HeldOut, heldOutOf } from "./held-out";
import type { Part } from "./parts";

/** The uncompressed model without the rows of each part. */
interface BaselineTask extends FloatTask {
  /** The strengths of the L2 penalty, from the strongest. */
  readonly lambdas: readonly number[];
  readonly parts: readonly Part[];
  /** The duality gap relative to the objective at which a fit ends. */
  readonly tolerance: number;
}

/** What is said of the rows of each part, strength after strength. */
export type Baselines = readonly (readonly HeldOut[])[];

/** The job of a {@link BaselineTask}. */
export function baselineJob(task: BaselineTask): ModuleJob {
  return { kind: "module", file: __filename, task };
}

/**
 * Does it, each part's first fit from where the part before ended with that strength, the first one's from `start`.
 * @throws `cancelled`
 */
export function run(
  whole: Design,
  task: BaselineTask,
  monitor: Monitor,
  start: Start | null = null,
): Baselines {
  const { lambdas, parts, tolerance, scale, link } = task;
  const outputs = link === "binary" ? 1 : task.classes;
  let before = start;
  return parts.map(({ shares, test }, at) => {
    const mark = whole.arena.mark();
    const design = whole.withShares(shares);
    const plan = floatPlan(design, task, ridge(1, scale), tolerance, before);
    const found: HeldOut[] = [];
    let least = Number.POSITIVE_INFINITY;
    before = null;
    for (const step of steps(design, plan, lambdas, monitor)) {
      before ??= { weights: denseOf(step.weights), intercepts: step.intercepts };
      const heldOut = heldOutOf(marginsOf(design, step, outputs), outputs, link, design.labels, test);
      found.push(heldOut);
      monitor.report(
        at + found.length / lambdas.length,
        parts.length,
        `lambda ${step.lambda.toPrecision(2)}`,
      );
      const loss = heldOut.losses.reduce((sum, x) => sum + x, 0);
      // Weaker penalties are the slowest to fit, and once they harm they go on to.
      if (loss > 1.05 * least) break;
      least = Math.min(least, loss);
    }
    whole.arena.rewind(mark);
    return found;
  });
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
