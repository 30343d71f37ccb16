import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";
import { accuracyOf, balancedAccuracyOf, type Confusion, confusionOf, macroF1Of } from "./confusion";
import { latencyOf } from "./cost";
import { RocStream } from "./roc-stream";
import { type Scores, scoresOf } from "./scores";

/** What is measured of a model on rows that come in batches; as in `Measurements`. */
interface BatchMeasurements {
  readonly rows: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly logLoss: number;
  readonly auc: number;
  /** The most by which `auc` can differ from that of `evaluate`: 0 up to 4,194,304 rows of two classes, see `RocStream`. */
  readonly aucBound: number;
  readonly f1: number;
  readonly brier: number;
  readonly ece: number;
  readonly confusion: Confusion;
  /** Microseconds of one prediction, the median, on rows of the first batch. */
  readonly latency: number;
}

/** The bins of the calibration error. */
const bins = 15;

/**
 * Judges a model by rows that come in batches, none of which is kept: memory grows with the classes, not the rows. The numbers are
 * those of `evaluate` for the rows together.
 * @throws `empty-data` for no batch; as `evaluate`
 */
export async function evaluateBatches(
  model: Scorer,
  batches: AsyncIterable<Dataset>,
): Promise<BatchMeasurements> {
  const tally = new Tally(model);
  let latency = Number.NaN;
  for await (const data of batches) {
    tally.add(scoresOf(model, data));
    if (Number.isNaN(latency)) latency = latencyOf(model, data, 512);
  }
  if (tally.rows === 0) fail("empty-data", { thing: "rows to evaluate", expected: "at least one" });
  return { ...tally.measured(), latency };
}

class Tally {
  rows = 0;
  #loss = 0;
  #squares = 0;
  #weight = 0;
  readonly #counts: Float64Array;
  readonly #curves: RocStream[];
  readonly #claims = new Float64Array(bins);
  readonly #right = new Float64Array(bins);
  readonly #inBin = new Float64Array(bins);

  constructor(readonly model: Scorer) {
    const { length } = model.classes;
    this.#counts = new Float64Array(length ** 2);
    const curves = length === 2 ? 1 : length;
    this.#curves = Array.from({ length: curves }, () => new RocStream(curves));
  }

  add(scores: Scores): void {
    const { classes, truth, predicted, probabilities, margins, losses, weights } = scores;
    confusionOf(scores, this.model.classes).counts.forEach((count, at) => {
      this.#counts[at] += count;
    });
    const byMargin = classes === 2 && margins.columns === 1;
    for (let i = 0; i < scores.rows; i++) {
      const p = probabilities.values.subarray(i * classes, (i + 1) * classes);
      const weight = weights[i];
      this.#weight += weight;
      this.#loss += weight * losses[i];
      this.#squares += weight * distance(p, truth[i]);
      const claim = p[predicted[i]];
      const bin = Math.min(Math.floor(claim * bins), bins - 1);
      this.#inBin[bin] += weight;
      this.#claims[bin] += weight * claim;
      this.#right[bin] += weight * Number(truth[i] === predicted[i]);
      this.#curves.forEach((curve, at) => {
        const k = classes === 2 ? 1 : at;
        // Probabilities near 0 and 1 would tie by rounding.
        curve.add(byMargin ? margins.values[i] : p[k], truth[i] === k);
      });
    }
    this.rows += scores.rows;
  }

  measured(): Omit<BatchMeasurements, "latency"> {
    const confusion = { classes: this.model.classes, counts: this.#counts };
    const areas = this.#curves.map((curve) => curve.area()).filter(({ area }) => !Number.isNaN(area));
    const mean = (of: (area: { area: number; bound: number }) => number) =>
      areas.reduce((sum, area) => sum + of(area), 0) / areas.length;
    const apart = this.#claims.map((claim, bin) => Math.abs(claim - this.#right[bin]));
    return {
      rows: this.rows,
      accuracy: accuracyOf(confusion),
      balancedAccuracy: balancedAccuracyOf(confusion),
      logLoss: this.#loss / this.#weight,
      auc: mean(({ area }) => area),
      aucBound: mean(({ bound }) => bound),
      f1: macroF1Of(confusion),
      brier: this.#squares / this.#weight,
      ece: apart.reduce((sum, x) => sum + x, 0) / this.#weight,
      confusion,
    };
  }
}

function distance(p: Float64Array, truth: number): number {
  if (p.length === 2) return (p[1] - truth) ** 2;
  return p.reduce((sum, share, k) => sum + (share - Number(k === truth)) ** 2, 0);
}
