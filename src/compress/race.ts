import type { Dataset } from "../matrix/dataset";
import type { DescendStep } from "./descend-job";
import type { Part } from "./parts";

/** What the descents of some folds came to at a price of a bit, in sum. */
interface Sum {
  readonly bits: number;
  /** The log-loss of the rows left out. */
  readonly loss: number;
}

/** What a setting came to on some folds, price after price. */
export type Outline = readonly Sum[];

/** @param folds the steps of each fold, of which those prices count that every fold came to */
export function outlineOf(
  folds: readonly (readonly DescendStep[])[],
  parts: readonly Part[],
  { weights }: Dataset,
): Outline {
  const [first = [], ...others] = folds;
  return first.flatMap((step) => {
    const same = [step, ...others.flatMap((steps) => steps.find(({ at }) => at === step.at) ?? [])];
    if (same.length < folds.length) return [];
    const lossOf = ({ heldOut }: DescendStep, { test }: Part) =>
      heldOut!.losses.reduce((sum, loss, i) => sum + (weights?.[test[i]] ?? 1) * loss, 0);
    return [
      {
        bits: same.reduce((sum, { bits }) => sum + bits, 0),
        loss: same.reduce((sum, own, fold) => sum + lossOf(own, parts[fold]), 0),
      },
    ];
  });
}

/**
 * Whether no model of one is better on the same rows than what rivals of its size are: their least log-loss at so many bits or fewer, between
 * two of their sizes in proportion.
 */
export function isBehind(own: Outline, rivals: readonly Outline[]): boolean {
  const front = frontOf(rivals.flat());
  return own.every(({ bits, loss }) => {
    // The model of no weight is everyone's.
    if (bits === 0) return true;
    const next = front.findIndex((other) => other.bits > bits);
    if (next === 0) return false;
    const low = next < 0 ? front.at(-1)! : front[next - 1];
    if (next < 0) return low.loss <= loss;
    const share = (bits - low.bits) / (front[next].bits - low.bits);
    return low.loss + share * (front[next].loss - low.loss) <= loss;
  });
}

/** Those of less log-loss than all of fewer bits, by their bits. */
function frontOf(all: Outline): Outline {
  const sorted = [...all].sort((a, b) => a.bits - b.bits || a.loss - b.loss);
  let least = Number.POSITIVE_INFINITY;
  return sorted.filter(({ loss }) => {
    if (loss >= least) return false;
    least = loss;
    return true;
  });
}
