import { sigmoid, softmaxInPlace, softplus } from "../../base/sigmoid";
import type { Dataset } from "../../matrix/dataset";
import type { LinearParts, LinearScorer } from "../../model/linear";
import { CrossProduct } from "../cross-product";
import { Design } from "../design";

/**
 * The likelihood of a dataset at a model's parameters. They are blocks of all columns and the intercept: one block for
 * two classes, or one for each class but the reference, of which the parameters are differences.
 */
export interface Likelihood {
  /** Columns and the intercept. */
  readonly width: number;
  /** The classes whose parameters the blocks are. */
  readonly blocks: readonly number[];
  readonly coefficients: Float64Array;
  /** The gradient of the log-likelihood. */
  readonly score: Float64Array;
  /** The observed information: the lower triangle, row after row. */
  information(): Float64Array;
  /** The value of the log-likelihood. */
  readonly value: number;
  /** Whether every row's own class has the greatest margin. */
  readonly separates: boolean;
  /** The least and the greatest rise of a row's own margin above another's when the parameters go along `step`. */
  along(step: Float64Array): { readonly least: number; readonly greatest: number };
}

/** The data where the kernels reach them, rows counted by their weights. */
export function weighedDesign(data: Dataset): Design {
  const weights = data.weights ?? new Float64Array(data.rows).fill(1);
  return Design.of(data.features, data.labels, weights);
}

/** The likelihoods that a model's fit has maximised: one, or for ovr one a class. */
export function likelihoodsOf(model: LinearScorer, design: Design, reference: number): Likelihood[] {
  if (model.link === "softmax") return [softmaxLikelihood(design, model, reference)];
  if (model.link === "binary") return [binaryLikelihood(design, model, 0, 1)];
  return model.classes.map((_, k) => binaryLikelihood(design, model, k, k));
}

/** The likelihood of one class against all others, whose weights are output `output` of the model. */
function binaryLikelihood(design: Design, model: LinearParts, output: number, positive: number): Likelihood {
  const { kernels, matrix, rows, labels, shares, arena } = design;
  const K = model.intercepts.length;
  const width = design.columns + 1;
  const w = arena.floats(width);
  for (let j = 0; j < width; j++) w[j] = numberAt(model, j * K + output);
  const margins = arena.floats(rows);
  kernels.times(...matrix, 1, w.byteOffset, margins.byteOffset);
  const residuals = arena.floats(rows);
  const curvatures = arena.floats(rows);
  let value = 0;
  let separates = true;
  for (let i = 0; i < rows; i++) {
    const sign = labels[i] === positive ? 1 : -1;
    const wrong = sigmoid(-sign * margins[i]);
    value -= shares[i] * softplus(-sign * margins[i]);
    residuals[i] = sign * shares[i] * wrong;
    curvatures[i] = shares[i] * wrong * sigmoid(sign * margins[i]);
    if (shares[i] > 0 && !(sign * margins[i] > 0)) separates = false;
  }
  const score = arena.floats(width);
  kernels.transposeTimes(...matrix, 1, residuals.byteOffset, score.byteOffset);
  const information = () => {
    const square = arena.floats(width * width);
    new CrossProduct(design).add(curvatures, square);
    return square;
  };
  const along = (step: Float64Array) => {
    w.set(step);
    kernels.times(...matrix, 1, w.byteOffset, margins.byteOffset);
    const rises = new Extent();
    for (let i = 0; i < rows; i++) {
      if (shares[i] > 0) rises.add(labels[i] === positive ? margins[i] : -margins[i]);
    }
    return rises;
  };
  return { width, blocks: [positive], coefficients: w.slice(), score, information, value, separates, along };
}

/** The multinomial likelihood, parameters less those of class `reference`. */
function softmaxLikelihood(design: Design, model: LinearParts, reference: number): Likelihood {
  const { kernels, matrix, rows, labels, shares, arena } = design;
  const K = model.intercepts.length;
  const width = design.columns + 1;
  const w = arena.floats(width * K);
  for (let at = 0; at < w.length; at++) w[at] = numberAt(model, at);
  const p = arena.floats(rows * K);
  kernels.times(...matrix, K, w.byteOffset, p.byteOffset);
  const separates = extentOf(p, design, K).least > 0;
  const residuals = arena.floats(rows * K);
  let value = 0;
  for (let i = 0; i < rows; i++) {
    const own = p[i * K + labels[i]];
    value -= shares[i] * (softmaxInPlace(p, i * K, K) - own);
    for (let at = i * K; at < (i + 1) * K; at++) {
      residuals[at] = shares[i] * (Number(at === i * K + labels[i]) - p[at]);
    }
  }
  const sums = arena.floats(width * K);
  kernels.transposeTimes(...matrix, K, residuals.byteOffset, sums.byteOffset);
  const blocks = Array.from({ length: K }, (_, k) => k).filter((k) => k !== reference);
  const size = width * blocks.length;
  const coefficients = new Float64Array(size);
  const score = new Float64Array(size);
  blocks.forEach((k, b) => {
    for (let j = 0; j < width; j++) {
      coefficients[b * width + j] = w[j * K + k] - w[j * K + reference];
      score[b * width + j] = sums[j * K + k];
    }
  });
  const information = () => softmaxInformation(design, p, K, blocks);
  const along = (step: Float64Array) => {
    w.fill(0);
    blocks.forEach((k, b) => {
      for (let j = 0; j < width; j++) w[j * K + k] = step[b * width + j];
    });
    kernels.times(...matrix, K, w.byteOffset, residuals.byteOffset);
    return extentOf(residuals, design, K);
  };
  return { width, blocks, coefficients, score, information, value, separates, along };
}

function numberAt({ weights, intercepts }: LinearParts, at: number): number {
  return at < weights.length ? weights[at] : intercepts[at - weights.length];
}

function softmaxInformation(
  design: Design,
  p: Float64Array,
  K: number,
  blocks: readonly number[],
): Float64Array {
  const { rows, shares, columns } = design;
  const square = new CrossProduct(design);
  const { h, block } = square;
  const width = columns + 1;
  const size = width * blocks.length;
  const information = new Float64Array(size * size);
  blocks.forEach((k, b) => {
    for (let c = 0; c <= b; c++) {
      const l = blocks[c];
      for (let i = 0; i < rows; i++) {
        h[i] = shares[i] * p[i * K + k] * (k === l ? 1 - p[i * K + k] : -p[i * K + l]);
      }
      square.add(h, block.fill(0));
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          const entry = block[Math.max(i, j) * width + Math.min(i, j)];
          information[(b * width + i) * size + c * width + j] = entry;
        }
      }
    }
  });
  return information;
}

function extentOf(margins: Float64Array, { rows, labels, shares }: Design, K: number): Extent {
  const rises = new Extent();
  for (let i = 0; i < rows; i++) {
    if (!(shares[i] > 0)) continue;
    const own = margins[i * K + labels[i]];
    for (let k = 0; k < K; k++) if (k !== labels[i]) rises.add(own - margins[i * K + k]);
  }
  return rises;
}

class Extent {
  least = Number.POSITIVE_INFINITY;
  greatest = Number.NEGATIVE_INFINITY;

  add(x: number): void {
    if (x < this.least) this.least = x;
    if (x > this.greatest) this.greatest = x;
  }
}
