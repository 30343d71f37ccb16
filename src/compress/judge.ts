import type { Interval } from "../evaluate/bootstrap";
import type { HeldOut } from "./held-out";
import type { Budget } from "./options";

/**
 * What cross-validation says of a model: each row judged by models that were fitted without it, at the model's price of a bit and
 * those next to it.
 */
export interface CrossValidated {
  /** The mean over rows held out. */
  readonly logLoss: number;
  /** The mean over rows held out. */
  readonly accuracy: number;
  /** The accuracy that is lost against the uncompressed model, with its 95 % interval over the rows. */
  readonly accuracyDrop: Interval;
  /**
   * The same where a row counts the more the further its own class is ahead of the others. Its interval is the narrower, so that a budget's
   * margin is of this one. Left out where so many rows judge that there is nothing to smooth.
   */
  readonly smoothedDrop?: Interval;
  /** The rise of the log-loss as a share of the uncompressed model's. */
  readonly logLossIncrease: Interval;
  /** The share of rows that are given another class than by the uncompressed model. */
  readonly flips: Interval;
}

/** By how many standard errors of its difference a loss must stay below its budget. */
export interface Margins {
  /** Of the accuracy that is lost, smoothed where the search judges: see `CrossValidated`. */
  readonly accuracy: number;
  /** Of the rise of the log-loss. */
  readonly logLoss: number;
  /** Of the share of rows that are given another class. */
  readonly flips: number;
}

const z95 = 1.959963984540054;

/** Judges models by rows held out, against the uncompressed one. */
export class Judge {
  readonly #labels: Uint32Array;
  readonly #weights: Float64Array;
  readonly baseline: HeldOut;

  /** @param weights of the rows, of any sum */
  constructor(labels: Uint32Array, weights: Float64Array | null, baseline: HeldOut) {
    const given = weights ?? new Float64Array(labels.length).fill(1);
    const total = given.reduce((sum, w) => sum + w, 0);
    this.#labels = labels;
    this.#weights = given.map((w) => w / total);
    this.baseline = baseline;
  }

  logLoss({ losses }: HeldOut): number {
    return losses.reduce((sum, loss, i) => sum + this.#weights[i] * loss, 0);
  }

  accuracy({ predicted }: HeldOut): number {
    return predicted.reduce((sum, k, i) => sum + (k === this.#labels[i] ? this.#weights[i] : 0), 0);
  }

  /**
   * @param near what neighbours on the path say of the rows, that which is judged among them. They differ from it by
   * little but their luck, and the mean of all leaves less of it to choose by
   */
  of(near: readonly HeldOut[]): CrossValidated {
    const { losses, predicted, smoothed } = this.baseline;
    const labels = this.#labels;
    const before = this.logLoss(this.baseline);
    const share = 1 / near.length;
    const mean = (of: (found: HeldOut) => number) => near.reduce((sum, found) => sum + share * of(found), 0);
    const right = (k: number, i: number) => Number(k === labels[i]);
    return {
      logLoss: mean((found) => this.logLoss(found)),
      accuracy: mean((found) => this.accuracy(found)),
      accuracyDrop: this.#interval(
        (i) => right(predicted[i], i) - mean((found) => right(found.predicted[i], i)),
      ),
      smoothedDrop: this.#interval((i) => smoothed[i] - mean((found) => found.smoothed[i])),
      logLossIncrease: this.#interval((i) => (mean((found) => found.losses[i]) - losses[i]) / before),
      flips: this.#interval((i) => mean((found) => Number(found.predicted[i] !== predicted[i]))),
    };
  }

  #interval(of: (row: number) => number): Interval {
    const weights = this.#weights;
    let mean = 0;
    for (let i = 0; i < weights.length; i++) mean += weights[i] * of(i);
    let squares = 0;
    for (let i = 0; i < weights.length; i++) squares += (weights[i] * (of(i) - mean)) ** 2;
    return intervalOf(mean, Math.sqrt(squares * (weights.length / Math.max(1, weights.length - 1))));
  }
}

/** The 95 % interval of a mean. @param error its standard error */
export function intervalOf(estimate: number, error: number): Interval {
  return { estimate, low: estimate - z95 * error, high: estimate + z95 * error };
}

/** Whether a model keeps a budget with its margins. */
export function keeps(bytes: number, found: CrossValidated, budget: Budget, margins: Margins): boolean {
  const { maxBytes = Number.POSITIVE_INFINITY } = budget;
  return bytes <= maxBytes && limitsOf(found, budget, margins).every(({ excess }) => excess <= 0);
}

/** By how many standard errors, those of the margin included, a model is beyond its budget at worst; 0 or less where it keeps it. */
export function beyond(found: CrossValidated, budget: Budget, margins: Margins): number {
  return limitsOf(found, budget, margins).reduce(
    (worst, { excess, error }) => Math.max(worst, excess / Math.max(error, 1e-12)),
    Number.NEGATIVE_INFINITY,
  );
}

/** How far above each limit of a budget a model is, its margin included. */
function limitsOf(found: CrossValidated, budget: Budget, margins: Margins) {
  const { accuracyDrop, smoothedDrop } = found;
  // What is counted keeps its budget, too, or the reader would be told of more than is allowed.
  const counted = smoothedDrop === undefined ? margins.accuracy : 0;
  const each = [
    [accuracyDrop, budget.maxAccuracyDrop, counted],
    [smoothedDrop ?? accuracyDrop, budget.maxAccuracyDrop, margins.accuracy],
    [found.logLossIncrease, budget.maxLogLossIncrease, margins.logLoss],
    [found.flips, budget.maxFlips, margins.flips],
  ] as const;
  return each.flatMap(([{ estimate, high }, most, margin]) => {
    if (most === undefined) return [];
    const error = (high - estimate) / z95;
    return [{ excess: estimate + margin * error - most, error }];
  });
}
