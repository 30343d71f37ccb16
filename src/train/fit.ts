import { together } from "./choose";
import type { Design } from "./design";
import { Fitter, shapeOf } from "./fitter";
import { type Answer, Joined } from "./joined";
import { lossesOf } from "./losses/by-link";
import { SigmoidsLoss } from "./losses/sigmoids";
import type { Monitor } from "./monitor";
import type { Plan } from "./plan";

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
  own: (weights: Float64Array) => Float64Array = (weights) => weights.slice(),
): Answer {
  const mark = design.arena.mark();
  const whole = new Joined();
  const all = fittersOf(design, plan);
  const fitters = output === undefined ? all : [all[output]];
  for (const make of fitters) {
    const fitter = make();
    const found = fitter.fit(plan.penalty, monitor);
    const single = fitters.length === 1 ? { ...found, weights: own(found.weights) } : null;
    if (single === null) whole.add({ ...found, weights: found.weights.slice() });
    fitter.close();
    design.arena.rewind(mark);
    if (single !== null) return single;
  }
  return whole.solution;
}

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
