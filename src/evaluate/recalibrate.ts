import { checkBoolean, checkKeys } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import { LinearScorer } from "../model/linear";
import { rowLosses } from "../model/log-loss";
import { probabilities, type Scorer, type Table } from "../model/scorer";
import { roundToMantissa } from "../pack/cost";
import { PackedModel, StoredLinear } from "../pack/packed";
import { unpack } from "../pack/read";
import { pack } from "../pack/write";
import { QuantizedModel } from "../quantize/quantized";
import { calibrationErrorOf } from "./calibration";
import { weightedMean } from "./losses";
import { minimise } from "./minimise";
import { type Scores, scoresOf } from "./scores";

/** What is fitted. */
export interface RecalibrateOptions {
  /** One number that all margins are divided by (Guo et al., 2017, section 4.2). Default true. */
  readonly temperature?: boolean;
  /** The intercepts. Default true. */
  readonly intercepts?: boolean;
}

/** How far probabilities can be believed. */
interface CalibrationState {
  readonly logLoss: number;
  /** Expected calibration error in 15 bins. */
  readonly ece: number;
}

/** The result of {@link recalibrate}. */
export class Recalibration {
  constructor(
    /** The model with its new intercepts and temperature, as a file keeps them. */
    readonly model: PackedModel,
    /** What margins are divided by; above 1 makes the model less sure. */
    readonly temperature: number,
    /** On the rows that it was fitted to. */
    readonly before: CalibrationState,
    /** The quality with it. */
    readonly after: CalibrationState,
  ) {}
}

shownAs("recalibration", Recalibration);

const bins = 15;
/** The bits of mantissa that a temperature keeps: steps below 1 %. */
const mantissa = 6;

/**
 * Repairs the probabilities of a compressed model at the price of some two bytes: fits a temperature and the intercepts
 * to rows by log-loss, all weights and codes as they are. For two classes this is Platt's scaling (1999), for softmax
 * scaling with a temperature and biases. Use rows that the model was not fitted to. Where nothing is gained the model
 * stays as it was.
 *
 * @throws as `pack`; `invalid-option`; `width-mismatch`, `invalid-label` where the data are of another model
 */
export function recalibrate(model: Scorer, data: Dataset, options: RecalibrateOptions = {}): Recalibration {
  checkModel(model);
  checkDataset(data);
  checkKeys(options, ["temperature", "intercepts"], "recalibrate");
  const fitted = {
    temperature: checkBoolean(options.temperature ?? true, "temperature"),
    intercepts: checkBoolean(options.intercepts ?? true, "intercepts"),
  };
  const base = packedWith(model, null, 1);
  const scores = scoresOf(base, data);
  const before = stateOf(scores);
  const { scale, shifts } = fittedScaling(base, scores, fitted);
  const ratio = 1 / scale;
  const temperature = fitted.temperature
    ? Math.min(Math.max(roundToMantissa(ratio, mantissa), 1 / 512), 512)
    : 1;
  const repaired = packedWith(model, fitted.intercepts ? shifts : null, temperature);
  const after = stateOf(scoresOf(repaired, data));
  if (after.logLoss < before.logLoss) return new Recalibration(repaired, temperature, before, after);
  return new Recalibration(base, 1, before, before);
}

function stateOf(scores: Scores): CalibrationState {
  return { logLoss: weightedMean(scores.losses, scores.weights), ece: calibrationErrorOf(scores, bins) };
}

/** The factor of all margins and what is added to each output after it. */
function fittedScaling(
  { link, outputs }: Scorer,
  { margins, truth, weights, classes }: Scores,
  fitted: Required<RecalibrateOptions>,
): { scale: number; shifts: Float64Array } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const free = Number(fitted.temperature) + (fitted.intercepts ? outputs : 0);
  const parts = (x: Float64Array) => ({
    scale: fitted.temperature ? Math.exp(x[0]) : 1,
    shifts: fitted.intercepts ? x.subarray(x.length - outputs) : new Float64Array(outputs),
  });
  const moved = (x: Float64Array): Table => {
    const { scale, shifts } = parts(x);
    return { ...margins, values: margins.values.map((m, at) => m * scale + shifts[at % outputs]) };
  };
  const best = minimise(new Float64Array(free), {
    value: (x) => weightedMean(rowLosses(moved(x), link, truth), weights),
    gradient: (x) => {
      const table = moved(x);
      const chances = probabilities(table, link, classes).values;
      const gradient = new Float64Array(free);
      table.values.forEach((margin, at) => {
        const [i, k] = [Math.floor(at / outputs), at % outputs];
        const slope = (weights[i] / total) * slopeOf(link, chances, classes, i, k, truth[i], margin);
        if (fitted.temperature) gradient[0] += slope * margins.values[at] * parts(x).scale;
        if (fitted.intercepts) gradient[free - outputs + k] += slope;
      });
      return gradient;
    },
  });
  return parts(best);
}

/** How the loss of row i changes with its margin of output k. */
function slopeOf(
  link: Scorer["link"],
  chances: Float64Array,
  classes: number,
  i: number,
  k: number,
  own: number,
  margin: number,
): number {
  if (link === "binary") return chances[2 * i + 1] - own;
  const difference = chances[i * classes + k] - Number(k === own);
  if (link === "softmax") return difference;
  // A class's probability is its sigmoid over the sum of all, and a sigmoid's logarithm rises by one less itself.
  return difference / (1 + Math.exp(margin));
}

function packedWith(model: Scorer, shifts: Float64Array | null, temperature: number): PackedModel {
  const stored = model instanceof PackedModel ? model.model : model;
  const before = model instanceof PackedModel ? (model.temperature ?? 1) : 1;
  const own =
    shifts === null
      ? stored.intercepts
      : stored.intercepts.map((b, k) => roundToMantissa(b + shifts[k] * temperature * before, 10));
  const options = {
    temperature: before * temperature,
    ...(model instanceof PackedModel && model.encoder !== undefined ? { encoder: model.encoder } : {}),
    ...(model instanceof PackedModel && model.provenance !== null ? { provenance: model.provenance } : {}),
    threshold: model.threshold,
  };
  return unpack(pack(withIntercepts(stored, own), options));
}

function withIntercepts(model: Scorer, intercepts: Float64Array): Scorer {
  const { classes, link, featureNames } = model;
  if (model instanceof QuantizedModel) {
    const { positions, codes, scheme } = model;
    return new QuantizedModel({ classes, link, featureNames, positions, codes, scheme, intercepts });
  }
  if (model instanceof LinearScorer) {
    const { weights, scale } = model;
    const stage = model.stage === "trained" ? "trained" : "pruned";
    return new StoredLinear({ classes, link, featureNames, weights, intercepts, scale }, stage);
  }
  return fail("unsupported-model", {
    thing: "model to recalibrate",
    value: model.stage,
    expected: "a trained, pruned, quantized or packed model",
  });
}
