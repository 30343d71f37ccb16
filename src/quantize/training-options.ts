import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import type { Link } from "../model/scorer";

/** How weights are brought to few levels while they are trained; see `TrainCompressedOptions.quantization`. */
export type TrainingQuantization = "straightThrough" | "projection" | "proximal";

/** How the learning rate falls; see `TrainCompressedOptions.schedule`. */
export type LearningRateSchedule = "constant" | "cosine" | "step" | "inverse";

/** The options of `trainCompressed`. */
export interface TrainCompressedOptions {
  /** Passes over the data. Default 200. */
  readonly epochs?: number;
  /** Rows of a step of gradient descent, drawn anew by `seed` in each epoch. Default: all of them. */
  readonly batchSize?: number;
  /** The length of the first step. Default: one over a bound of the objective's curvature, with which descent can't diverge. */
  readonly learningRate?: number;
  /**
   * - `constant`
   * - `cosine`: half a cosine, from one to zero
   * - `step`: a tenth from each third of the epochs to the next
   * - `inverse`: one over the time, down to a tenth
   *
   * Default `"constant"` where each step takes all rows, else `"cosine"`, since noise must die away.
   */
  readonly schedule?: LearningRateSchedule;
  /** The share of the last step that is gone on with before the next (Nesterov), in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** The strength of the L1 penalty on the mean loss, whose proximal step prunes. Default 1e-4. */
  readonly alpha?: number;
  /** Bits of a code, 1 to 16. Default 4. */
  readonly numBits?: number;
  /**
   * Bits in the first epoch, `numBits` to 16, which fall by one and one to `numBits` over the first half of the epochs. Default
   * `numBits`.
   */
  readonly startBits?: number;
  /** Whether weights are pruned, by `alpha`. Default true. */
  readonly pruning?: boolean;
  /**
   * - `straightThrough`: gradients are taken at the quantized weights and applied to a float copy of them (Bengio, Léonard
   * and Courville, 2013)
   * - `projection`: each epoch goes on from the quantized weights; where all rows make one step, steps shorter than half a level
   * are lost
   * - `proximal`: gradients are taken at float weights, which each epoch draws nearer to their levels, by a share that grows to
   * all (ProxQuant; Bai, Wang and Liberty, 2019, algorithm 1 with the squared distance)
   *
   * Default `straightThrough`.
   */
  readonly quantization?: TrainingQuantization;
  /** The strength of the L2 penalty on the mean loss. Default 1e-4. */
  readonly lambda?: number;
  /** For more than two classes. Default `softmax`. */
  readonly multiclass?: "softmax" | "ovr";
  /** A trained or pruned model of these features and classes to start from; what a pruned one has removed stays zero. */
  readonly warmStart?: LinearScorer;
  /** An integer, for the order of the rows in batches. Default 0. */
  readonly seed?: number;
}

/** The complete record that training works from. */
export interface TrainingPlan {
  readonly epochs: number;
  readonly batches: number;
  /** `null` for one over the curvature. */
  readonly learningRate: number | null;
  readonly schedule: LearningRateSchedule;
  readonly momentum: number;
  /** 0 where nothing is to be pruned. */
  readonly alpha: number;
  readonly bits: number;
  readonly startBits: number;
  readonly quantization: TrainingQuantization;
  readonly lambda: number;
  readonly link: Link;
  readonly warmStart: LinearScorer | null;
  readonly seed: number;
}

const known =
  "epochs,batchSize,learningRate,schedule,momentum,alpha,numBits,startBits,pruning,quantization,lambda,multiclass,warmStart,seed".split(
    ",",
  );
const variants = ["straightThrough", "projection", "proximal"] as const;
const schedules = ["constant", "cosine", "step", "inverse"] as const;

/** Completes the options. @throws `unknown-option`, `invalid-option`, `invalid-model` */
export function planTraining(options: TrainCompressedOptions, data: Dataset): TrainingPlan {
  checkKeys(options, known, "trainCompressed");
  const multiclass = checkChoice(options.multiclass ?? "softmax", "multiclass", ["softmax", "ovr"] as const);
  const { learningRate, warmStart = null } = options;
  const size = checkNumber(options.batchSize ?? data.rows, "batchSize", { min: 1, integer: true });
  const batches = Math.max(1, Math.ceil(data.rows / size));
  const bits = checkNumber(options.numBits ?? 4, "numBits", { min: 1, max: 16, integer: true });
  const alpha = checkNumber(options.alpha ?? 1e-4, "alpha", { min: 0 });
  if (warmStart !== null) checkStart(warmStart);
  return {
    epochs: checkNumber(options.epochs ?? 200, "epochs", { min: 1, integer: true }),
    batches,
    learningRate: learningRate === undefined ? null : checkNumber(learningRate, "learningRate", { above: 0 }),
    schedule: checkChoice(options.schedule ?? (batches > 1 ? "cosine" : "constant"), "schedule", schedules),
    momentum: checkNumber(options.momentum ?? 0.9, "momentum", { min: 0, below: 1 }),
    alpha: checkBoolean(options.pruning ?? true, "pruning") ? alpha : 0,
    bits,
    startBits: checkNumber(options.startBits ?? bits, "startBits", { min: bits, max: 16, integer: true }),
    quantization: checkChoice(options.quantization ?? "straightThrough", "quantization", variants),
    lambda: checkNumber(options.lambda ?? 1e-4, "lambda", { min: 0 }),
    link: data.classes.length === 2 ? "binary" : multiclass,
    warmStart,
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true }),
  };
}

function checkStart(model: LinearScorer): void {
  if (typeof model === "object" && "scale" in model) return;
  fail("invalid-model", {
    thing: "warmStart",
    value: (model as { stage?: string }).stage ?? model,
    expected: "a trained or a pruned model: codes are not trained on",
  });
}

/** The factor of the learning rate in an epoch, from 1. */
export function rateFactor(schedule: LearningRateSchedule, epoch: number, epochs: number): number {
  const gone = (epoch - 1) / epochs;
  if (schedule === "cosine") return (1 + Math.cos(Math.PI * gone)) / 2;
  if (schedule === "step") return 10 ** -Math.floor(3 * gone);
  return schedule === "inverse" ? 1 / (1 + 9 * gone) : 1;
}

/** The bits of an epoch, from 0. */
export function bitsAt({ bits, startBits, epochs }: TrainingPlan, epoch: number): number {
  const steps = startBits - bits;
  return bits + Math.max(0, steps - Math.floor((2 * epoch * steps) / epochs));
}
