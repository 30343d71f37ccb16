import { sigmoid, softplus } from "../base/sigmoid";
import type { Link } from "../model/scorer";

/** Sums over rows, by their weights. */
export interface PackedScores {
  readonly weight: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Weights by true class, then predicted class. */
  readonly confusion: Float64Array;
  /** For two classes: weights by class and {@link bins} of the probability; else empty. */
  readonly histogram: Float64Array;
  /** The sum of squares of the rows' weights; where a row stands for equal ones, each of these weighs 1. */
  readonly squares: number;
  /** Of the loss less the first model's: the sum, and the sum of squares. */
  readonly difference: readonly [number, number];
  /** Weights of rows that this model gives their class and the first does not, the other way round, and another class. */
  readonly gained: number;
  readonly lost: number;
  readonly changed: number;
}

/**
 * As how many rows of equal weight rows of unequal ones tell the mean (Kish, 1965, section 11.7); of equal ones their number.
 */
export function rowsIn({ weight, squares }: Pick<PackedScores, "weight" | "squares">): number {
  return weight ** 2 / squares;
}

/** Scores of parts of the rows as those of all. */
export function joinedScores(parts: readonly PackedScores[], classes: number): PackedScores {
  const sums = parts.map(flatScores);
  return scoresFrom(
    sums[0].map((_, at) => sums.reduce((sum, own) => sum + own[at], 0)),
    classes,
  );
}

/** Bins of equal width of the probability of the second class. */
export const bins = 65536;

/** Sums that rows are added to. */
export type ScoreSums = { -readonly [key in keyof PackedScores]: PackedScores[key] };

/** @param ranked whether the histogram of two classes is taken, which only the AUC needs */
export function emptyScores(classes: number, ranked: boolean): ScoreSums {
  return {
    ...{ weight: 0, logLoss: 0, brier: 0, squares: 0, difference: [0, 0], gained: 0, lost: 0, changed: 0 },
    confusion: new Float64Array(classes * classes),
    histogram: new Float64Array(classes === 2 && ranked ? 2 * bins : 0),
  };
}

/** The numbers of scores that are no list. */
const scalars = 9;

/** The numbers of {@link flatScores}. */
export function scoreLength(classes: number, ranked: boolean): number {
  return scalars + classes * classes + (classes === 2 && ranked ? 2 * bins : 0);
}

/** Scores as a list of numbers, which is added to those of other rows. */
export function flatScores({ confusion, histogram, difference, ...one }: PackedScores): Float64Array {
  const { weight, logLoss, brier, squares, gained, lost, changed } = one;
  const out = new Float64Array(scalars + confusion.length + histogram.length);
  out.set([weight, logLoss, brier, squares, ...difference, gained, lost, changed]);
  out.set(confusion, scalars);
  out.set(histogram, scalars + confusion.length);
  return out;
}

/** What {@link flatScores} made a list of. */
export function scoresFrom(numbers: Float64Array, classes: number): PackedScores {
  const [weight, logLoss, brier, squares, sum, ofSquares, gained, lost, changed] = numbers;
  const end = scalars + classes * classes;
  return {
    ...{ weight, logLoss, brier, squares, difference: [sum, ofSquares], gained, lost, changed },
    confusion: numbers.slice(scalars, end),
    histogram: numbers.slice(end),
  };
}

/** Rows to be judged: what each weighs, its class, and the margins of a model, rows x outputs. */
interface JudgedRows {
  readonly rows: number;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
  readonly kept: Float64Array;
}

/** What the first model said of each row of a block. */
interface FirstAnswers {
  readonly losses: Float64Array;
  readonly predicted: Uint32Array;
}

/** Room for what the first model says of so many rows. */
export function firstAnswers(rows: number): FirstAnswers {
  return { losses: new Float64Array(rows), predicted: new Uint32Array(rows) };
}

/** How a model's margins become a class. */
interface Rule {
  readonly classes: number;
  readonly link: Link;
  /** The probability above which the second of two classes is predicted. */
  readonly threshold: number;
  /** Whether a row's weight is a number of equal ones. */
  readonly counted: boolean;
}

/**
 * Adds rows to the sums of a model.
 * @param isFirst whether it is the model that others are measured against, whose answers are then written down
 */
export function addScores(
  { rows, labels, shares, kept }: JudgedRows,
  { classes, link, threshold, counted }: Rule,
  sums: ScoreSums,
  first: FirstAnswers,
  isFirst: boolean,
): void {
  const K = classes === 2 ? 1 : classes;
  const least = Math.log(threshold) - Math.log1p(-threshold);
  const ranked = sums.histogram.length > 0;
  const p = new Float64Array(classes);
  let [sum, squares] = sums.difference;
  for (let i = 0; i < rows; i++) {
    const weight = shares[i];
    const own = labels[i];
    if (!(weight > 0)) continue;
    const loss = probabilities(kept, i * K, link, own, p);
    sums.weight += weight;
    sums.squares += counted ? weight : weight * weight;
    sums.logLoss += weight * loss;
    let predicted = link === "binary" && kept[i] > least ? 1 : 0;
    let brier = 0;
    for (let k = 0; k < classes; k++) {
      if (link !== "binary" && p[k] > p[predicted]) predicted = k;
      brier += (p[k] - (k === own ? 1 : 0)) ** 2;
    }
    sums.brier += weight * (classes === 2 ? brier / 2 : brier);
    sums.confusion[own * classes + predicted] += weight;
    if (ranked) sums.histogram[own * bins + Math.min(bins - 1, Math.floor(p[1] * bins))] += weight;
    if (isFirst) {
      first.losses[i] = loss;
      first.predicted[i] = predicted;
    }
    const d = loss - first.losses[i];
    sum += weight * d;
    squares += weight * d * d;
    if (predicted === first.predicted[i]) continue;
    sums.changed += weight;
    if (predicted === own) sums.gained += weight;
    if (first.predicted[i] === own) sums.lost += weight;
  }
  sums.difference = [sum, squares];
}

/** Fills in the probabilities of a row and returns its log-loss. */
function probabilities(margins: Float64Array, at: number, link: Link, own: number, p: Float64Array): number {
  if (link === "binary") {
    p[1] = sigmoid(margins[at]);
    p[0] = sigmoid(-margins[at]);
    return softplus(own === 1 ? -margins[at] : margins[at]);
  }
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < p.length; k++) most = Math.max(most, margins[at + k]);
  let sum = 0;
  for (let k = 0; k < p.length; k++) {
    p[k] = link === "softmax" ? Math.exp(margins[at + k] - most) : sigmoid(margins[at + k]);
    sum += p[k];
  }
  for (let k = 0; k < p.length; k++) p[k] /= sum;
  return -Math.log(Math.max(p[own], Number.MIN_VALUE));
}
