import { sigmoid, softplus } from "../base/sigmoid";
import type { Link } from "../model/scorer";
import type { Design } from "../train/design";
import type { ModuleRun } from "../train/job";
import type { PackedRows } from "./block-layout";
import { BlockPasses, type LoadedBlock } from "./block-passes";

/** A model to be judged by packed rows. */
export interface EvaluateTask {
  readonly packed: PackedRows;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly link: Link;
  readonly classes: number;
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
}

/** Bins of equal width of the probability of the second class. */
export const bins = 65536;

/** Does an {@link EvaluateTask}. */
export const run: ModuleRun = (design: Design, given: never): PackedScores => {
  const task = given as EvaluateTask;
  const { packed, classes, weights, intercepts } = task;
  const K = intercepts.length;
  const passes = new BlockPasses(design, packed, new Float64Array(classes).fill(1), K);
  const w = design.parameters(K);
  w.set(weights);
  w.set(intercepts, weights.length);
  const sums = {
    weight: 0,
    logLoss: 0,
    brier: 0,
    confusion: new Float64Array(classes * classes),
    histogram: new Float64Array(classes === 2 ? 2 * bins : 0),
  };
  try {
    passes.each("none", (batch) => {
      design.team.run("times", batch.length, (slot) => {
        const { matrix, kept } = batch[slot];
        return [...matrix, K, w.byteOffset, kept.byteOffset];
      });
      for (const block of batch) score(block, task, K, sums);
    });
  } finally {
    passes.close();
  }
  return sums;
};

type Sums = { -readonly [key in keyof PackedScores]: PackedScores[key] };

function score({ rows, labels, shares, kept }: LoadedBlock, task: EvaluateTask, K: number, sums: Sums): void {
  const { classes, link } = task;
  const p = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    const weight = shares[i];
    const own = labels[i];
    if (!(weight > 0)) continue;
    sums.weight += weight;
    sums.logLoss += weight * probabilities(kept, i * K, link, own, p);
    let predicted = 0;
    let brier = 0;
    for (let k = 0; k < classes; k++) {
      if (p[k] > p[predicted]) predicted = k;
      brier += (p[k] - (k === own ? 1 : 0)) ** 2;
    }
    sums.brier += weight * (classes === 2 ? brier / 2 : brier);
    sums.confusion[own * classes + predicted] += weight;
    if (classes === 2) sums.histogram[own * bins + Math.min(bins - 1, Math.floor(p[1] * bins))] += weight;
  }
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
