import type { Link } from "../model/scorer";
import type { Design } from "../train/design";
import { fittersOf } from "../train/fit";
import type { Monitor } from "../train/monitor";
import { type PenaltyPlan, withStrength } from "../train/penalty-options";
import type { Plan, Start } from "../train/plan";
import { type SparseWeights, sparseOf } from "../train/sparse-weights";
import { interceptsOf } from "../train/start";

/** What all jobs before the descents share. */
export interface FloatTask {
  readonly link: Link;
  readonly classes: number;
  readonly scale: Float32Array | null;
}

/** A fit of a path. */
export interface Step {
  readonly lambda: number;
  readonly weights: SparseWeights;
  readonly intercepts: Float64Array;
}

/** Fits one strength after another, each from where the last ended, as long as more are asked for. */
export function* steps(
  design: Design,
  plan: Plan,
  lambdas: readonly number[],
  monitor: Monitor,
): Generator<Step> {
  const fitters = fittersOf(design, plan).map((make) => make());
  const quiet = { check: monitor.check, report() {} };
  try {
    for (const lambda of lambdas) {
      const found = fitters.map((fitter) => fitter.fit(withStrength(plan.penalty, lambda), quiet));
      const intercepts = Float64Array.from(found.flatMap((part) => [...part.intercepts]));
      yield { lambda, weights: sparseOf(found.map(({ weights }) => weights)), intercepts };
    }
  } finally {
    for (const fitter of fitters) fitter.close();
  }
}

/** @param start where to begin; by default zero weights and the intercepts that alone fit the classes */
export function floatPlan(
  design: Design,
  { link, classes }: FloatTask,
  penalty: PenaltyPlan,
  tolerance: number,
  start: Start | null = null,
): Plan {
  const intercepts = interceptsOf(design.labels, design.shares, classes, link, true);
  return {
    penalty,
    link,
    classes,
    fitIntercept: true,
    mask: null,
    start: start ?? { weights: null, intercepts },
    stop: { tolerance, maxIterations: 100 },
    solver: "auto",
    seed: 0,
  };
}
