import { chooseSolver } from "./choose";
import type { Design } from "./design";
import { Fitter, shapeOf } from "./fitter";
import { joined } from "./joined";
import { LogisticLoss } from "./losses/logistic";
import { SigmoidsLoss } from "./losses/sigmoids";
import { SoftmaxLoss } from "./losses/softmax";
import type { Monitor } from "./monitor";
import type { Plan, Solution } from "./plan";

/** Fits a plan to a design: one problem, or one for each class where the link is `ovr`. */
export function solve(design: Design, plan: Plan, monitor: Monitor): Solution {
  const mark = design.arena.mark();
  const parts: Solution[] = [];
  for (const fitter of fittersOf(design, plan)) {
    parts.push(fitter().fit(plan.penalty, monitor));
    design.arena.rewind(mark);
  }
  return parts.length > 1 ? joined(parts) : parts[0];
}

/** What fits each problem of a plan, made when it is called. */
export function fittersOf(design: Design, plan: Plan): (() => Fitter)[] {
  const { link, classes, start } = plan;
  if (link === "softmax") return [() => new Fitter(design, plan, new SoftmaxLoss(design, classes), start)];
  if (link === "binary") return [() => new Fitter(design, plan, new LogisticLoss(design, 1), start)];
  if (chooseSolver(plan, shapeOf(design)).solver === "newton") {
    return [() => new Fitter(design, plan, new SigmoidsLoss(design, classes), start)];
  }
  return Array.from({ length: classes }, (_, k) => () => {
    const own = {
      weights: start.weights.filter((_, j) => j % classes === k),
      intercepts: start.intercepts.slice(k, k + 1),
    };
    return new Fitter(design, plan, new LogisticLoss(design, k), own);
  });
}
