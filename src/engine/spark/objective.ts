import { SeparablePenalty } from "../../train/penalties/separable";
import type { PenaltyPlan } from "../../train/penalty-options";
import type { Aggregate, AggregateState, Aggregation, DualPoint } from "../aggregate";

/** A point with the gradient of all that is smooth there. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
  /** The sums of |r| of both sides and their companions, see `Aggregate.sides`. */
  readonly sides: Float64Array;
}

/** What of an aggregate's state is the same all through a fit. */
export type Task = Omit<AggregateState, "parameters">;

/**
 * The mean logistic loss plus a separable penalty (`l2`, `l1`, `elasticnet` or `none`), of which each value costs one
 * aggregate over all rows.
 */
export class Objective {
  readonly columns: number;
  readonly fitIntercept: boolean;
  /** Of each weight: the strength of its absolute value and that of half its square. */
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  readonly #task: Task;
  readonly #penalty: SeparablePenalty;
  readonly #bounded: boolean;

  constructor(plan: PenaltyPlan, columns: number, fitIntercept: boolean, task: Task) {
    this.columns = columns;
    this.fitIntercept = fitIntercept;
    this.#task = task;
    const weightOf = (j: number): number => (plan.weights === null ? 1 : plan.weights[j]);
    this.l1 = Float64Array.from({ length: columns }, (_, j) => plan.lambda * plan.l1Ratio * weightOf(j));
    this.l2 = Float64Array.from(
      { length: columns },
      (_, j) => plan.lambda * (1 - plan.l1Ratio) * weightOf(j),
    );
    const table = { columns, outputs: 1, scale: null, frozen: null };
    this.#penalty = new SeparablePenalty(plan, table, plan.weights, null);
    this.#bounded = plan.name !== "none";
  }

  /** The value and the gradient of the smooth part at a point: one aggregate. */
  *at(w: Float64Array): Aggregation<Evaluated> {
    const sum = yield { operation: { kind: "gradient" }, state: { ...this.#task, parameters: w } };
    return this.penalised(w, sum);
  }

  /** Adds the penalty to a sum over rows. */
  penalised(w: Float64Array, { loss, gradient, sides }: Aggregate): Evaluated {
    let value = loss;
    const { l1, l2, columns } = this;
    for (let j = 0; j < columns; j++) {
      value += l1[j] * Math.abs(w[j]) + (l2[j] / 2) * w[j] * w[j];
      gradient[j] += l2[j] * w[j];
    }
    if (!this.fitIntercept) gradient[columns] = 0;
    return { value, gradient, sides };
  }

  /**
   * The value less a lower bound of it, by a dual point: the residuals, brought to a sum of zero where the intercept is
   * free, and within the reach of the penalty. Two aggregates, or one. `NaN` where no bound is known.
   */
  *gap(w: Float64Array, { sides }: Evaluated): Aggregation<number> {
    if (!this.#bounded) return Number.NaN;
    const state: AggregateState = { ...this.#task, parameters: w };
    const [low, , high] = sides;
    const least = Math.min(low, high);
    const balanced = this.fitIntercept && low !== high;
    const dual: DualPoint = {
      kind: "sides",
      below: balanced ? least / low : 1,
      above: balanced ? least / high : 1,
    };
    const { gradient } = yield { operation: { kind: "correlate", dual }, state };
    const correlations = gradient.subarray(0, this.columns);
    const stirred = this.#penalty.stirred(w, correlations);
    let best = Number.POSITIVE_INFINITY;
    for (const factor of this.#penalty.factors(correlations, stirred)) {
      let gap = this.#penalty.divergence(w, correlations, factor, stirred);
      if (balanced || factor !== 1) {
        const { loss } = yield { operation: { kind: "divergence", dual, factor }, state };
        gap += loss;
      }
      best = Math.min(best, gap);
    }
    return best === Number.POSITIVE_INFINITY ? Number.NaN : best;
  }
}
