import { Random } from "../../base/random";
import { bootstrapInterval, type Interval } from "../../evaluate/bootstrap";
import { balancedAccuracyOf, confusionOf, macroF1Of } from "../../evaluate/confusion";
import { aucOf, rocCurvesOf } from "../../evaluate/roc";
import { type Scores, scoresOf } from "../../evaluate/scores";
import type { Dataset, Label } from "../../matrix/dataset";
import type { Scorer } from "../../model/scorer";

/** Metrics with their 95 % intervals over the rows; `null` where rows are too many to draw them again often enough. */
export interface MetricIntervals {
  /** The share of rows whose class is predicted. */
  readonly accuracy: Interval;
  /** Nats a row. */
  readonly logLoss: Interval;
  /** Brier's score. */
  readonly brier: Interval;
  /** The mean recall of the classes. */
  readonly balancedAccuracy: Interval | null;
  /** The mean of the classes' F1. */
  readonly f1: Interval | null;
  /** The area under the ROC curve. */
  readonly auc: Interval | null;
}

const resamples = 1000;
const fewest = 200;
/** Rows times curves that may be sorted anew in all. */
const mostWork = 1_500_000;

/**
 * What a model does on some rows, with intervals by the bootstrap of percentiles (Efron and Tibshirani, 1993, chapter 13): rows
 * are drawn again with replacement, which is giving each a weight of how often it was drawn.
 */
export function metricIntervals(model: Scorer, data: Dataset, seed: number): MetricIntervals {
  const scores = scoresOf(model, data);
  const { truth, predicted, losses, weights, probabilities, classes } = scores;
  const { values } = probabilities;
  const right = Float64Array.from(truth, (k, i) => Number(predicted[i] === k));
  const squares = Float64Array.from(truth, (k, i) => {
    if (classes === 2) return (values[2 * i + 1] - k) ** 2;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += (values[i * classes + c] - Number(c === k)) ** 2;
    return sum;
  });
  const mean = (each: Float64Array) => bootstrapInterval(each, weights, { resamples, seed });
  const [balancedAccuracy, f1, auc] = drawn(scores, model.classes, seed);
  return { accuracy: mean(right), logLoss: mean(losses), brier: mean(squares), balancedAccuracy, f1, auc };
}

/** Metrics that are no mean of the rows. */
function drawn(scores: Scores, classes: readonly Label[], seed: number): (Interval | null)[] {
  const metrics = [
    (drawn: Scores) => balancedAccuracyOf(confusionOf(drawn, classes)),
    (drawn: Scores) => macroF1Of(confusionOf(drawn, classes)),
    (drawn: Scores) => aucOf(rocCurvesOf(drawn, classes)),
  ];
  const { rows, weights } = scores;
  const curves = classes.length === 2 ? 1 : classes.length;
  const times = Math.min(resamples, Math.floor(mostWork / (rows * curves)));
  if (times < fewest) return metrics.map(() => null);
  const random = new Random(seed);
  const found = metrics.map(() => new Float64Array(times));
  for (let r = 0; r < times; r++) {
    const again = new Float64Array(rows);
    for (let left = rows; left > 0; left--) {
      const row = random.integer(rows);
      again[row] += weights[row];
    }
    metrics.forEach((metric, m) => {
      found[m][r] = metric({ ...scores, weights: again });
    });
  }
  return metrics.map((metric, m) => {
    const sorted = found[m].filter((value) => !Number.isNaN(value)).sort();
    if (sorted.length === 0) return null;
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
    return { estimate: metric(scores), low: at(0.025), high: at(0.975) };
  });
}
