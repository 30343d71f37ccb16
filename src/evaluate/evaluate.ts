import { checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { checkShape } from "../base/shape";
import type { Dataset } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";
import { storedBytes } from "../pack/stored";
import { type CalibrationBin, calibrationErrorOf, calibrationOf } from "./calibration";
import { accuracyOf, balancedAccuracyOf, type Confusion, confusionOf, macroF1Of } from "./confusion";
import { latencyOf, operationsOf } from "./cost";
import { brierOf, logLossOf } from "./losses";
import { aucOf, type RocCurve, rocCurvesOf } from "./roc";
import { type Scores, scoresOf } from "./scores";

/** How to evaluate. */
export interface EvaluateOptions {
  /** The number of bins of the calibration error, and the most that its chart has. Default 15. */
  readonly bins?: number;
  /** The number of rows to time predictions on, drawn evenly from the data; 0 for none. Default 512. */
  readonly latencyRows?: number;
}

/** What is measured of a model on a dataset; each mean respects the weights of the rows. */
export interface Measurements {
  /** How far the model has come: `trained`, `pruned`, `quantized`. */
  readonly stage: string;
  /** How many rows were judged. */
  readonly rows: number;
  /** The share of rows whose class was predicted. */
  readonly accuracy: number;
  /** The mean recall of the classes that occur. */
  readonly balancedAccuracy: number;
  /** The mean of -log(probability of the true class), natural logarithm, nothing clipped. */
  readonly logLoss: number;
  /** Area under the ROC curve; for more than two classes the mean of one against the rest. `NaN` for one class. */
  readonly auc: number;
  /** The mean of the classes' F1 (macro). */
  readonly f1: number;
  /** Brier's score: of the second class for two classes, else summed over the classes. */
  readonly brier: number;
  /** Expected calibration error of the predicted class (Guo et al., 2017). */
  readonly ece: number;
  /** Which classes were taken for which. */
  readonly confusion: Confusion;
  /** One curve, or of more than two classes one a class against the rest. */
  readonly roc: readonly RocCurve[];
  /** What was claimed beside what was so, in bins of at least 20 rows where there are as many. */
  readonly calibration: readonly CalibrationBin[];
  /** Weights that are not zero, intercepts left out. */
  readonly nonzeros: number;
  /** Bytes in plain storage, or in its file where the model was unpacked or loaded from one; see {@link storedBytes}. */
  readonly bytes: number;
  /** Multiplications of one prediction, the mean over the rows. */
  readonly operations: number;
  /** Microseconds of one prediction in process, the median; differs from run to run. */
  readonly latency: number;
}

/** The result of {@link evaluate}. */
export class Evaluation implements Measurements {
  readonly stage: string;
  /** How many rows were judged. */
  readonly rows: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly logLoss: number;
  readonly auc: number;
  readonly f1: number;
  readonly brier: number;
  readonly ece: number;
  /** Which classes were taken for which. */
  readonly confusion: Confusion;
  /** One curve, or of more than two classes one a class against the rest. */
  readonly roc: readonly RocCurve[];
  /** What was claimed beside what was so, in bins of at least 20 rows where there are as many. */
  readonly calibration: readonly CalibrationBin[];
  readonly nonzeros: number;
  /** Bytes in plain storage, or in its file where the model was unpacked or loaded from one; see {@link storedBytes}. */
  readonly bytes: number;
  readonly operations: number;
  readonly latency: number;

  constructor(measured: Measurements) {
    checkShape(measured, "measurements", "what evaluate returns", {
      stage: "text",
      confusion: "object",
      roc: "list",
      calibration: "list",
    });
    this.stage = measured.stage;
    this.rows = measured.rows;
    this.accuracy = measured.accuracy;
    this.balancedAccuracy = measured.balancedAccuracy;
    this.logLoss = measured.logLoss;
    this.auc = measured.auc;
    this.f1 = measured.f1;
    this.brier = measured.brier;
    this.ece = measured.ece;
    this.confusion = measured.confusion;
    this.roc = measured.roc;
    this.calibration = measured.calibration;
    this.nonzeros = measured.nonzeros;
    this.bytes = measured.bytes;
    this.operations = measured.operations;
    this.latency = measured.latency;
  }
}

shownAs("evaluation", Evaluation);

/**
 * Judges a model by rows that it was not fitted to.
 * @throws `width-mismatch` for features of another number; `invalid-label` for a label that the model doesn't know
 */
export function evaluate(model: Scorer, data: Dataset, options: EvaluateOptions = {}): Evaluation {
  checkKeys(options, evaluateKeys, "evaluate");
  const parsed = parseEvaluate(options);
  return evaluationOf(model, data, scoresOf(model, data), parsed);
}

/** The names of the options of {@link evaluate}. */
export const evaluateKeys: readonly string[] = ["bins", "latencyRows"];

/** Completes the options of {@link evaluate}, whose names have been checked. */
export function parseEvaluate(options: EvaluateOptions): Required<EvaluateOptions> {
  return {
    bins: checkNumber(options.bins ?? 15, "bins", { integer: true, min: 1, max: 1000 }),
    latencyRows: checkNumber(options.latencyRows ?? 512, "latencyRows", { integer: true, min: 0 }),
  };
}

/** The evaluation of a model that has been scored. */
export function evaluationOf(
  model: Scorer,
  data: Dataset,
  scores: Scores,
  { bins, latencyRows }: Required<EvaluateOptions>,
): Evaluation {
  const confusion = confusionOf(scores, model.classes);
  const roc = rocCurvesOf(scores, model.classes);
  return new Evaluation({
    stage: model.stage,
    rows: scores.rows,
    accuracy: accuracyOf(confusion),
    balancedAccuracy: balancedAccuracyOf(confusion),
    logLoss: logLossOf(scores),
    auc: aucOf(roc),
    f1: macroF1Of(confusion),
    brier: brierOf(scores),
    ece: calibrationErrorOf(scores, bins),
    confusion,
    roc,
    calibration: calibrationOf(scores, bins),
    nonzeros: model.nonzeros,
    bytes: storedBytes(model),
    operations: operationsOf(model, data),
    latency: latencyOf(model, data, latencyRows),
  });
}
