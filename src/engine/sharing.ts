import { Random } from "../base/random";
import type { Sharing } from "./block-passes";

/** One part of the rows for cross-validation. */
export interface Fold {
  readonly number: number;
  readonly folds: number;
  readonly seed: number;
}

/**
 * How rows share in the mean loss, all of them, those of a fold, or those outside. A stored row may stand for many equal
 * ones: its weight is dealt to the folds one by one, the rest at random, as if each row had been dealt by itself.
 * @param within whether the rows of the fold are taken, or the others
 */
export function sharingOf(factors: Float64Array, fold: Fold | null, within: boolean): Sharing {
  if (fold === null) return { factors, part: () => {} };
  const { number, folds, seed } = fold;
  return {
    factors,
    part({ first }, weights) {
      const random = new Random((Math.imul(seed, 0x9e3779b1) ^ first) >>> 0);
      for (let i = 0; i < weights.length; i++) {
        const start = Math.floor(random.uniform() * folds);
        const whole = Math.floor(weights[i]);
        const left = whole % folds;
        const own =
          (whole - left) / folds +
          ((number - start + folds) % folds < left ? 1 : 0) +
          (number === start ? weights[i] - whole : 0);
        weights[i] = within ? own : weights[i] - own;
      }
    },
  };
}
