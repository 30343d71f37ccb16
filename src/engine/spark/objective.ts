import { SeparablePenalty } from "../../train/penalties/separable";
import type { PenaltyPlan } from "../../train/penalty-options";
import type { Aggregate, AggregateState, Aggregation, RowLoss } from "../aggregate";
import { outputsOf } from "../block-terms";
import { dualPointOf, wholeOf } from "../dual-point";

/** A point with the gradient of all that is smooth there. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
  /** The sums of |r| of both sides and their companions, see `Aggregate.sides`. */
  readonly sides: Float64Array;
}

/** What of an aggregate's state is the same all through a fit. */
export type Task = Omit<AggregateState, "parameters">;

/** The share of the curvature at even odds that margins have as a rule: between even odds and odds of 1 to 4. */
const typical = 0.64;

/** The curvature of a row in its own output where all classes are as likely. */
export function uniformCurvature(loss: RowLoss): number {
  const classes = loss.kind === "softmax" ? loss.classes : 2;
  return (classes - 1) / classes ** 2;
}

/**
 * The mean loss plus a separable penalty (`l2`, `l1`, `elasticnet` or `none`), of which each value costs one aggregate over all
 * rows.
 */
export class Objective {
  /** The number of weights, those of column j one after another; the intercepts follow. */
  readonly weights: number;
  readonly fitIntercept: boolean;
  /** Of each weight: the strength of its absolute value and that of half its square. */
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  readonly #task: Task;
  readonly #masses: Float64Array;
  readonly #penalty: SeparablePenalty;
  readonly #bounded: boolean;

  /** @param masses the shares of the classes, which a bound of what the value lacks needs */
  constructor(plan: PenaltyPlan, columns: number, fitIntercept: boolean, task: Task, masses: Float64Array) {
    const K = outputsOf(task.loss);
    this.weights = columns * K;
    this.fitIntercept = fitIntercept;
    this.#task = task;
    this.#masses = masses;
    const weightOf = (j: number): number => (plan.weights === null ? 1 : plan.weights[Math.floor(j / K)]);
    const { scale } = plan;
    const unitOf = (j: number): number => (scale === null ? 1 : scale[Math.floor(j / K)]);
    const strengths = (share: number, power: number): Float64Array =>
      Float64Array.from(
        { length: columns * K },
        (_, j) => (plan.lambda * share * weightOf(j)) / unitOf(j) ** power,
      );
    this.l1 = strengths(plan.l1Ratio, 1);
    this.l2 = strengths(1 - plan.l1Ratio, 2);
    const table = { columns, outputs: K, scale, frozen: null };
    this.#penalty = new SeparablePenalty(plan, table, plan.weights, null);
    this.#bounded = plan.name !== "none";
  }

  /** The value and the gradient of the smooth part at a point: one aggregate. */
  *at(w: Float64Array): Aggregation<Evaluated> {
    const sum = yield { operation: { kind: "gradient" }, state: { ...this.#task, parameters: w } };
    return this.penalised(w, sum);
  }

  /** The penalty of weights. */
  penalty(w: Float64Array): number {
    const { l1, l2, weights } = this;
    let value = 0;
    for (let j = 0; j < weights; j++) value += l1[j] * Math.abs(w[j]) + (l2[j] / 2) * w[j] * w[j];
    return value;
  }

  /** Adds the penalty to a sum over rows. */
  penalised(w: Float64Array, { loss, gradient, sides }: Aggregate): Evaluated {
    const value = loss + this.penalty(w);
    const { l2, weights } = this;
    for (let j = 0; j < weights; j++) gradient[j] += l2[j] * w[j];
    if (!this.fitIntercept) gradient.fill(0, weights);
    return { value, gradient, sides };
  }

  /**
   * The value less a lower bound of it, by a dual point: the residuals, brought to sums of zero where intercepts are free, and
   * within the reach of the penalty. Two aggregates, or one. `NaN` where no bound is known.
   */
  *gap(w: Float64Array, point: Evaluated): Aggregation<number> {
    if (!this.#bounded) return Number.NaN;
    const { loss } = this.#task;
    const state: AggregateState = { ...this.#task, parameters: w };
    const balanced = dualPointOf(
      { loss, freeIntercepts: this.fitIntercept, masses: this.#masses },
      { gradient: point.gradient, sides: point.sides },
    );
    const dual = balanced ?? wholeOf(loss);
    const { gradient } = yield { operation: { kind: "correlate", dual }, state };
    const correlations = gradient.subarray(0, this.weights);
    const stirred = this.#penalty.stirred(w, correlations);
    let best = Number.POSITIVE_INFINITY;
    for (const factor of this.#penalty.factors(correlations, stirred)) {
      let gap = this.#penalty.divergence(w, correlations, factor, stirred);
      if (balanced !== null || factor !== 1) {
        gap += (yield { operation: { kind: "divergence", dual, factor }, state }).loss;
      }
      best = Math.min(best, gap);
    }
    return best === Number.POSITIVE_INFINITY ? Number.NaN : best;
  }

  /**
   * The diagonal that stands for the Hessian before any step.
   * @param squares the sum over rows of share times squared value, for each parameter
   */
  metric(squares: Float64Array): Float64Array {
    const curvature = typical * uniformCurvature(this.#task.loss);
    return squares.map((square, j) => {
      const own = curvature * square + (j < this.weights ? this.l2[j] : 0);
      return own > 0 ? own : 1;
    });
  }
}
