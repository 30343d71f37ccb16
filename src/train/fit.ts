import { together } from "./choose";
import type { Design } from "./design";
import { Fitter, shapeOf } from "./fitter";
import { type Answer, Joined } from "./joined";
import { lossesOf } from "./losses/by-link";
import { SigmoidsLoss } from "./losses/sigmoids";
import type { Monitor } from "./monitor";
import type { Plan, Solution } from "./plan";

/**
 * Fits a plan to a design: one problem, or one for each class where the link is `ovr`.
 * @param output the one class that is wanted, of those that are fitted one after another
 * @param own copies the weights of a single problem, which lie in the design's memory
 */
export function solve(
  design: Design,
  plan: Plan,
  monitor: Monitor,
  output?: number,
  own: (weights: Float64Array) => Float64Array = copied,
): Answer {
  const mark = design.arena.mark();
  const fitters = fittersOf(design, plan);
  const solutionOf = (make: () => Fitter, copy: (weights: Float64Array) => Float64Array): Solution => {
    const fitter = make();
    const { weights, intercepts, fit } = fitter.fit(plan.penalty, monitor);
    const solution = { weights: copy(weights), intercepts, fit };
    fitter.close();
    design.arena.rewind(mark);
    return solution;
  };
  if (fitters.length === 1) return solutionOf(fitters[0], own);
  if (output !== undefined) return solutionOf(fitters[output], own);
  const whole = new Joined();
  for (const make of fitters) whole.add(solutionOf(make, copied));
  return whole.solution;
}

const copied = (weights: Float64Array) => new Float64Array(weights);

/**
 * What fits each problem of a plan, made when it is called.
 * @param fits for as many strengths, about
 */
export function fittersOf(design: Design, plan: Plan, fits: number = 1): (() => Fitter)[] {
  const { link, classes, start } = plan;
  if (link === "ovr" && together(plan, shapeOf(design))) {
    return [() => new Fitter(design, plan, new SigmoidsLoss(design, classes), start, fits)];
  }
  return lossesOf(design, link, classes).map((make, k) => () => {
    const own =
      link === "ovr"
        ? {
            weights: start.weights === null ? null : start.weights.filter((_, j) => j % classes === k),
            intercepts: start.intercepts.slice(k, k + 1),
          }
        : start;
    return new Fitter(design, plan, make(), own, fits);
  });
}
