import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { Link } from "../model/scorer";
import { softThreshold } from "../prune/soft-threshold";
import { curvatureBound, meanLoss } from "../train/mean-loss";
import { Pace } from "../train/pace";
import { QuantizedModel } from "./quantized";
import { levelsOf, type UniformScheme } from "./schemes";
import { uniformCode, uniformScheme } from "./uniform";

/** The options of `trainCompressed`. */
export interface TrainCompressedOptions {
  /** Passes over the data, each one step of gradient descent. Default 200. */
  readonly epochs?: number;
  /** The length of a step. Default: one over a bound of the objective's curvature, with which descent can't diverge. */
  readonly learningRate?: number;
  /** The strength of the L1 penalty on the mean loss, whose proximal step prunes. Default 1e-4. */
  readonly alpha?: number;
  /** Bits of a code, 1 to 16. Default 4. */
  readonly numBits?: number;
  /** Whether weights are pruned, by `alpha`. Default true. */
  readonly pruning?: boolean;
  /**
   * `straightThrough`: gradients are taken at the quantized weights and applied to a float copy of them.
   * `projection`: each epoch goes on from the quantized weights. Default `straightThrough`.
   */
  readonly quantization?: "straightThrough" | "projection";
  /** The strength of the L2 penalty on the mean loss. Default 1e-4. */
  readonly lambda?: number;
  /** For more than two classes. Default `softmax`. */
  readonly multiclass?: "softmax" | "ovr";
}

/** One epoch of `trainCompressed`. */
export interface CompressedEpoch {
  readonly epoch: number;
  /** The mean loss of the quantized model at the end of the epoch. */
  readonly loss: number;
  /** The nonzero weights of the quantized model. */
  readonly nonzeros: number;
}

/** What `trainCompressed` returns. */
export class CompressedTraining {
  constructor(
    /** The quantized model of the epoch with the least loss. */
    readonly model: QuantizedModel,
    readonly best: CompressedEpoch,
    readonly history: readonly CompressedEpoch[],
  ) {}
}

interface Point {
  readonly weights: Float64Array;
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly scheme: UniformScheme;
}

const known = "epochs,learningRate,alpha,numBits,pruning,quantization,lambda,multiclass".split(",");

/**
 * The article's training loop done right. Each epoch: a gradient step on mean loss + lambda / 2 ||W||^2 over all rows;
 * the proximal step of alpha ||W||_1 (soft-thresholding), which makes small weights exactly zero; and the quantization
 * of the weights that are left to `numBits` bits on a grid fitted to them. The loss of the history is that of the
 * quantized model, and the model returned is the best of the history, never the last for its own sake.
 * @throws `unknown-option`, `invalid-option`, `invalid-label`, `cancelled`
 */
export async function trainCompressed(
  data: Dataset,
  options: TrainCompressedOptions = {},
  watch: Watch = {},
): Promise<CompressedTraining> {
  const plan = parse(options, data);
  const pace = new Pace(watch, "trainCompressed");
  const loss = meanLoss(data, plan.link);
  const outputs = plan.link === "binary" ? 1 : data.classes.length;
  const rate = plan.learningRate ?? 1 / (curvatureBound(data, plan.link) + plan.lambda);
  const square = (j: number) => (data.scale === null ? 1 : data.scale[Math.floor(j / outputs)] ** 2);
  const gradient = new Float64Array((data.columns + 1) * outputs);
  const intercepts = new Float64Array(outputs);
  let shadow: Float64Array = new Float64Array(data.columns * outputs);
  let point = quantized(shadow, plan.numBits);
  let value = loss.gradient(point.weights, intercepts, gradient);
  let best = { point, intercepts: intercepts.slice(), epoch: { epoch: 0, loss: value, nonzeros: 0 } };
  const history: CompressedEpoch[] = [best.epoch];
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    const from = plan.quantization === "projection" ? point.weights : shadow;
    shadow = from.map((w, j) => w - rate * (square(j) * gradient[j] + plan.lambda * w));
    if (plan.pruning) shadow = softThreshold(shadow, new Array(outputs).fill(rate * plan.alpha), data.scale);
    for (let k = 0; k < outputs; k++) intercepts[k] -= rate * gradient[shadow.length + k];
    checkFinite(shadow, rate);
    point = quantized(shadow, plan.numBits);
    value = loss.gradient(point.weights, intercepts, gradient);
    const line = { epoch, loss: value, nonzeros: point.positions.length };
    history.push(line);
    if (value < best.epoch.loss) best = { point, intercepts: intercepts.slice(), epoch: line };
    pace.report(epoch, plan.epochs, `loss ${value.toPrecision(5)}, ${line.nonzeros} weights`);
    await pace.rest();
  }
  const { positions, codes, scheme } = best.point;
  const { classes, featureNames } = data;
  const parts = {
    classes,
    link: plan.link,
    featureNames,
    positions,
    codes,
    scheme,
    intercepts: best.intercepts,
  };
  return new CompressedTraining(new QuantizedModel(parts), best.epoch, history);
}

/** The largest 32-bit float, since scales are stored as such. */
const largest = (2 - 2 ** -23) * 2 ** 127;

function checkFinite(weights: Float64Array, rate: number): void {
  if (weights.every((w) => Math.abs(w) < largest)) return;
  fail("invalid-option", {
    thing: "learningRate",
    value: rate,
    expected: "a rate at which the weights stay finite",
    remedy: "Leave it out: with the default descent can't diverge.",
  });
}

const grid = { symmetric: true, range: "minmax", percentile: 100, levelPrecision: "float32" } as const;

function quantized(shadow: Float64Array, bits: number): Point {
  const positions = Uint32Array.from(shadow.keys()).filter((j) => shadow[j] !== 0);
  const values = Float64Array.from(positions, (j) => shadow[j]);
  const empty = { kind: "uniform", bits, scale: 1, zeroPoint: (2 ** bits - 1) / 2 } as const;
  const scheme = values.length === 0 ? empty : uniformScheme(values, { ...grid, bits }, null);
  const codes = Uint16Array.from(values, (w) => uniformCode(w, scheme));
  const levels = levelsOf(scheme);
  const weights = new Float64Array(shadow.length);
  positions.forEach((j, i) => {
    weights[j] = levels[codes[i]];
  });
  return { weights, positions, codes, scheme };
}

function parse(options: TrainCompressedOptions, data: Dataset) {
  checkKeys(options, known, "trainCompressed");
  const multiclass = checkChoice(options.multiclass ?? "softmax", "multiclass", ["softmax", "ovr"]);
  const quantization = options.quantization ?? "straightThrough";
  const { learningRate } = options;
  return {
    epochs: checkNumber(options.epochs ?? 200, "epochs", { min: 1, integer: true }),
    learningRate: learningRate === undefined ? null : checkNumber(learningRate, "learningRate", { above: 0 }),
    alpha: checkNumber(options.alpha ?? 1e-4, "alpha", { min: 0 }),
    numBits: checkNumber(options.numBits ?? 4, "numBits", { min: 1, max: 16, integer: true }),
    pruning: checkBoolean(options.pruning ?? true, "pruning"),
    quantization: checkChoice(quantization, "quantization", ["straightThrough", "projection"]),
    lambda: checkNumber(options.lambda ?? 1e-4, "lambda", { min: 0 }),
    link: (data.classes.length === 2 ? "binary" : multiclass) as Link,
  };
}
