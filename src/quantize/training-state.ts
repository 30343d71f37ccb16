import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import { PrunedModel } from "../prune/pruned";
import { warmStart } from "../train/start";
import type { TrainingPlan } from "./training-options";

/** The largest 32-bit float, since scales are stored as such. */
const largest = (2 - 2 ** -23) * 2 ** 127;

/**
 * Float weights and intercepts under accelerated proximal gradient steps: w' = prox(y - r (g(y) + lambda y)), then
 * y' = w' + momentum (w' - w) (Nesterov, 1983; with a proximal step Beck and Teboulle, 2009). A zero is gone on from as zero.
 */
export class TrainingState {
  /** The point y that gradients are asked at, or near. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly #lastWeights: Float64Array;
  readonly #lastIntercepts: Float64Array;
  readonly #mask: Uint8Array | null;
  /** The unit of each weight, and its square. */
  readonly #units: Float64Array;
  readonly #plan: TrainingPlan;

  constructor(data: Dataset, plan: TrainingPlan, outputs: number) {
    const { scale } = data;
    this.#plan = plan;
    this.#units = Float64Array.from({ length: data.columns * outputs }, (_, j) =>
      scale === null ? 1 : scale[Math.floor(j / outputs)],
    );
    const start = plan.warmStart === null ? null : warmStart(data, plan.warmStart, plan.link, true);
    this.#mask = plan.warmStart instanceof PrunedModel ? plan.warmStart.mask : null;
    this.weights = start === null ? new Float64Array(data.columns * outputs) : start.weights.slice();
    this.intercepts = start === null ? new Float64Array(outputs) : start.intercepts.slice();
    this.#lastWeights = this.weights.slice();
    this.#lastIntercepts = this.intercepts.slice();
  }

  /** One step. @param gradient of the mean loss, weights then intercepts */
  step(gradient: Float64Array, rate: number): void {
    const { alpha, lambda, momentum } = this.#plan;
    const { weights: y, intercepts } = this;
    const last = this.#lastWeights;
    const mask = this.#mask;
    for (let j = 0; j < y.length; j++) {
      const unit = this.#units[j];
      const moved = y[j] - rate * (unit * unit * gradient[j] + lambda * y[j]);
      const bar = rate * alpha * unit;
      const w =
        mask !== null && mask[j] === 0 ? 0 : moved > bar ? moved - bar : moved < -bar ? moved + bar : 0;
      if (!(Math.abs(moved) < largest)) runaway(rate);
      y[j] = w === 0 ? 0 : w + momentum * (w - last[j]);
      last[j] = w;
    }
    for (let k = 0; k < intercepts.length; k++) {
      const b = intercepts[k] - rate * gradient[y.length + k];
      intercepts[k] = b + momentum * (b - this.#lastIntercepts[k]);
      this.#lastIntercepts[k] = b;
    }
  }

  /** The penalties of some weights, each in its unit. */
  penalty(weights: Float64Array): number {
    const { alpha, lambda } = this.#plan;
    let sum = 0;
    for (let j = 0; j < weights.length; j++) {
      const size = Math.abs(weights[j]) / this.#units[j];
      sum += size * (alpha + (lambda / 2) * size);
    }
    return sum;
  }

  /** Draws the weights nearer to their levels by a share, 1 for all the way. */
  draw(levels: Float64Array, share: number): void {
    const y = this.weights;
    const last = this.#lastWeights;
    for (let j = 0; j < y.length; j++) {
      if (share === 1) {
        y[j] = levels[j];
        last[j] = levels[j];
        continue;
      }
      const by = share * (levels[j] - y[j]);
      y[j] += by;
      last[j] += by;
    }
  }
}

function runaway(rate: number): never {
  return fail("invalid-option", {
    thing: "learningRate",
    value: rate,
    expected: "a rate at which the weights stay finite",
    remedy: "Leave it out: with the default descent can't diverge.",
  });
}
