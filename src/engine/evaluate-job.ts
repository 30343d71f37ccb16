import { sigmoid, softplus } from "../base/sigmoid";
import type { Link, Scorer } from "../model/scorer";
import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { FoldPart } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { BlockPasses, type LoadedBlock } from "./block-passes";

/** Models to be judged by packed rows. */
export interface EvaluateTask {
  readonly packed: PackedRows;
  readonly models: readonly Pick<Scorer, "weights" | "intercepts" | "link" | "threshold">[];
  readonly classes: number;
  /** The rows that count, `null` for all. */
  readonly part: FoldPart | null;
}

/** Sums over rows, by their weights. */
export interface PackedScores {
  readonly weight: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Weights by true class, then predicted class. */
  readonly confusion: Float64Array;
  /** For two classes: weights by class and {@link bins} of the probability; else empty. */
  readonly histogram: Float64Array;
  /** Of the loss less the first model's: the sum, and the sum of squares. */
  readonly difference: readonly [number, number];
  /** Weights of rows that this model gives their class and the first does not, the other way round, and another class. */
  readonly gained: number;
  readonly lost: number;
  readonly changed: number;
}

/** Bins of equal width of the probability of the second class. */
export const bins = 65536;

/** Does an {@link EvaluateTask}: the scores of each model, by one pass for all. */
export const run: ModuleRun = (design: Design, given: never): PackedScores[] => {
  const { packed, classes, models, part } = given as EvaluateTask;
  const K = classes === 2 ? 1 : classes;
  const passes = new BlockPasses(design, packed, new Float64Array(classes).fill(1), K, false);
  passes.weigh(new Float64Array(classes).fill(1), part);
  const tables = models.map(({ weights, intercepts }) => {
    const w = design.parameters(K);
    w.set(weights);
    w.set(intercepts, weights.length);
    return w;
  });
  const all = models.map(() => emptySums(classes));
  const first = new FirstModel(packed.mostRows, passes.slots);
  design.passes++;
  try {
    passes.each("none", (batch) => {
      tables.forEach((w, m) => {
        design.team.run("times", batch.length, (slot) => {
          const { matrix, kept } = batch[slot];
          return [...matrix, K, w.byteOffset, kept.byteOffset];
        });
        const { link, threshold } = models[m];
        const least = Math.log(threshold) - Math.log1p(-threshold);
        batch.forEach((block, slot) => {
          score(block, { classes, link, K, least }, all[m], first.of(slot), m === 0);
        });
      });
    });
  } finally {
    passes.close();
  }
  return all;
};

type Sums = { -readonly [key in keyof PackedScores]: PackedScores[key] };

function emptySums(classes: number): Sums {
  return {
    ...{ weight: 0, logLoss: 0, brier: 0, difference: [0, 0], gained: 0, lost: 0, changed: 0 },
    confusion: new Float64Array(classes * classes),
    histogram: new Float64Array(classes === 2 ? 2 * bins : 0),
  };
}

/** The losses and the predictions of the first model, for the blocks in memory. */
class FirstModel {
  readonly #rooms: readonly First[];

  constructor(rows: number, slots: number) {
    this.#rooms = Array.from({ length: slots }, () => ({
      losses: new Float64Array(rows),
      predicted: new Uint32Array(rows),
    }));
  }

  of(slot: number): First {
    return this.#rooms[slot];
  }
}

interface First {
  readonly losses: Float64Array;
  readonly predicted: Uint32Array;
}

/** How a model's margins become a class. */
interface Rule {
  readonly classes: number;
  readonly link: Link;
  readonly K: number;
  /** The margin above which the second of two classes is predicted. */
  readonly least: number;
}

function score(
  { rows, labels, shares, kept }: LoadedBlock,
  { classes, link, K, least }: Rule,
  sums: Sums,
  first: First,
  isFirst: boolean,
): void {
  const p = new Float64Array(classes);
  let [sum, squares] = sums.difference;
  for (let i = 0; i < rows; i++) {
    const weight = shares[i];
    const own = labels[i];
    if (!(weight > 0)) continue;
    const loss = probabilities(kept, i * K, link, own, p);
    sums.weight += weight;
    sums.logLoss += weight * loss;
    let predicted = link === "binary" && kept[i] > least ? 1 : 0;
    let brier = 0;
    for (let k = 0; k < classes; k++) {
      if (link !== "binary" && p[k] > p[predicted]) predicted = k;
      brier += (p[k] - (k === own ? 1 : 0)) ** 2;
    }
    sums.brier += weight * (classes === 2 ? brier / 2 : brier);
    sums.confusion[own * classes + predicted] += weight;
    if (classes === 2) sums.histogram[own * bins + Math.min(bins - 1, Math.floor(p[1] * bins))] += weight;
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
