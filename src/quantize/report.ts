import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { rowLosses } from "../model/log-loss";
import { mostProbable, type Scorer } from "../model/scorer";
import { entropyBits, histogram } from "./codes";
import type { QuantizePlan } from "./options";
import { precisionFor } from "./precision";
import type { QuantizedModel, QuantizeLoss, QuantizeReport } from "./quantized";
import { placeBits } from "./rate";
import type { Refitted } from "./refit";
import { codeCount, parametersOf, plainSchemes } from "./schemes";

/** What happened on the way to a quantized model. */
interface Quantizing {
  /** The places of the weights that were nonzero before. */
  readonly positions: Uint32Array;
  /** All weights after rounding, before levels were fitted again. */
  readonly weights: Float64Array;
  readonly refitted: Refitted | null;
  /** What was lost, where rows said it. */
  readonly loss: QuantizeLoss | null;
}

/** The evidence of a quantization. */
export function reportOf(
  model: LinearScorer,
  plan: QuantizePlan,
  quantized: QuantizedModel,
  { positions, weights, refitted, loss }: Quantizing,
): QuantizeReport {
  const { codes, scheme, nonzeros, intercepts } = quantized;
  const counts = histogram(codes, codeCount(scheme));
  const parameters = Float64Array.from(plainSchemes(scheme).flatMap((plain) => [...parametersOf(plain)]));
  const levelPrecision = precisionFor(parameters, plan.levelPrecision);
  const numberBits = levelPrecision === "float16" ? 16 : 32;
  const entropy = entropyBits(counts);
  const all =
    placeBits(nonzeros, weights.length) +
    entropy * nonzeros +
    numberBits * (parameters.length + intercepts.length);
  let squaredError = 0;
  let largestError = 0;
  for (const at of positions) {
    const error = Math.abs(weights[at] - model.weights[at]);
    squaredError += error * error;
    largestError = Math.max(largestError, error);
  }
  return {
    method: plan.method,
    bits: plan.bits,
    levels: counts.filter((count) => count > 0).length,
    squaredError,
    largestError,
    entropyBits: entropy,
    bitsPerWeight: all / nonzeros,
    nonzeros,
    removed: positions.length - nonzeros,
    granularity: plan.granularity,
    rounding: plan.rounding,
    levelPrecision,
    refitLambda: refitted?.lambda ?? null,
    tried: refitted?.tried ?? [],
    loss,
    warnings: refitted?.warnings ?? [],
  };
}

/** What a model loses on rows beside another of the same classes. */
export function lossBetween(before: Scorer, after: Scorer, data: Dataset): QuantizeLoss {
  const [first, second] = [before, after].map((model) => {
    const margins = model.margins(data.features);
    return {
      loss: meanOf(rowLosses(margins, model.link, data.labels), data),
      classes: mostProbable(margins, model.link),
    };
  });
  return {
    rows: data.rows,
    before: first.loss,
    after: second.loss,
    changed: first.classes.reduce((count, k, i) => count + Number(second.classes[i] !== k), 0),
  };
}

function meanOf(losses: Float64Array, { weights }: Dataset): number {
  let sum = 0;
  let total = 0;
  losses.forEach((loss, i) => {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * loss;
    total += weight;
  });
  return sum / total;
}
