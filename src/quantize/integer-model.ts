import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { Matrix } from "../matrix/sparse";
import { checkWidth, type Link, Scorer, type Table } from "../model/scorer";

/** The largest magnitude of a code: symmetric, so that minus 128 does not occur. */
export const mostInteger = 127;

/** What integer arithmetic adds to the error of a quantized model, on the rows that it was measured on. */
export interface IntegerReport {
  /** How many rows were compared. */
  readonly rows: number;
  /** The largest and the mean difference of a margin to that of the quantized model. */
  readonly largestMarginError: number;
  /** The mean distance of the margins, in log-odds. */
  readonly meanMarginError: number;
  /** The mean log-loss of the quantized model, and that of integer arithmetic. */
  readonly before: number;
  /** The log-loss with integers. */
  readonly after: number;
  /** Rows whose most probable class is another one now. */
  readonly changed: number;
  /** The share of inputs other than zero that lie beyond the calibrated range, and are clipped. */
  readonly clipped: number;
  /** Whether the codes of the weights stand for the quantized weights exactly. */
  readonly exactWeights: boolean;
}

/** What an integer model is made of. */
export interface IntegerParts {
  /** The classes, in the order of the columns of probabilities. */
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  /** The name of each feature. */
  readonly featureNames: FeatureNames;
  /** The code of the weight of feature j for output k at `j * outputs + k`, from -127 to 127. */
  readonly codes: Int8Array;
  /** What one unit of an accumulator is worth, one number an output. */
  readonly outputScales: Float64Array;
  /** What one unit of an input is worth, one number a feature. */
  readonly inputScales: Float64Array;
  /** One an output. */
  readonly intercepts: Float64Array;
  /** What integers did to the calibrating rows; `null` where it is not known. */
  readonly calibration: IntegerReport | null;
}

/**
 * A linear model in integers: inputs and weights of 8 bits, sums of 32. An input is `q = round(x / inputScale)`, halves
 * upwards, clipped to -127 ... 127; the margin of output k is `outputScale * sum_j code * q + intercept`. Zero is zero, so
 * sparse rows stay sparse.
 */
export class IntegerModel extends Scorer implements IntegerParts {
  readonly stage = "integer";
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  readonly featureNames: FeatureNames;
  readonly codes: Int8Array;
  readonly outputScales: Float64Array;
  readonly inputScales: Float64Array;
  readonly intercepts: Float64Array;
  /** What integers did to the calibrating rows; `null` where it is not known. */
  readonly calibration: IntegerReport | null;
  #weights: Float64Array | undefined;

  /** @throws `length-mismatch`; `invalid-model` where a sum could leave 32 bits */
  constructor(parts: IntegerParts) {
    super();
    checkShape(parts, "parts of an integer model", "what quantizeInputs returns", {
      classes: "list",
      link: "text",
      featureNames: "list",
      codes: "list",
      outputScales: "list",
      inputScales: "list",
      intercepts: "list",
    });
    this.classes = parts.classes;
    this.link = parts.link;
    this.featureNames = parts.featureNames;
    this.codes = parts.codes;
    this.outputScales = parts.outputScales;
    this.inputScales = parts.inputScales;
    this.intercepts = parts.intercepts;
    this.calibration = parts.calibration;
    checkLength(this.codes.length, this.features * this.outputs, "codes");
    checkLength(this.outputScales.length, this.outputs, "outputScales");
    checkLength(this.inputScales.length, this.features, "inputScales");
    checkLength(this.intercepts.length, this.outputs, "intercepts");
    checkSums(this.codes, this.outputs);
  }

  override get nonzeros(): number {
    return this.codes.reduce((count, code) => count + Number(code !== 0), 0);
  }

  get weights(): Float64Array {
    const { codes, outputs, outputScales, inputScales } = this;
    this.#weights ??= Float64Array.from(
      codes,
      (code, at) => (code * outputScales[at % outputs]) / inputScales[Math.floor(at / outputs)],
    );
    return this.#weights;
  }

  /** @throws `unsupported-model`: a predictor's sums are floats */
  override predictor(): never {
    return fail("unsupported-model", {
      thing: "predictor of an integer model",
      expected: "a model of floating-point sums",
      remedy: "Use predictProba.",
    });
  }

  /** The margins in integer arithmetic, rows x outputs. @throws `width-mismatch` */
  override margins(features: Matrix): Table {
    checkWidth(this, features);
    const { codes, outputs, outputScales, inputScales, intercepts } = this;
    const values = new Float64Array(features.rows * outputs);
    const sums = new Int32Array(outputs);
    for (let i = 0; i < features.rows; i++) {
      sums.fill(0);
      const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
      const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
      for (let e = from; e < to; e++) {
        const j = features.kind === "dense" ? e - from : features.indices[e];
        const q = inputCode(features.values === null ? 1 : features.values[e], inputScales[j]);
        if (q === 0) continue;
        for (let k = 0; k < outputs; k++) sums[k] += Math.imul(codes[j * outputs + k], q);
      }
      for (let k = 0; k < outputs; k++) values[i * outputs + k] = outputScales[k] * sums[k] + intercepts[k];
    }
    return { rows: features.rows, columns: outputs, values };
  }
}

/** An input in units of its scale. */
export function inputCode(x: number, scale: number): number {
  return Math.min(Math.max(Math.round(x / scale), -mostInteger), mostInteger);
}

function checkSums(codes: Int8Array, outputs: number): void {
  const sums = new Float64Array(outputs);
  codes.forEach((code, at) => {
    sums[at % outputs] += Math.abs(code) * mostInteger;
  });
  const largest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  if (largest < 2 ** 31) return;
  fail("invalid-model", {
    thing: "largest sum of the products of 8-bit codes",
    value: largest,
    expected: "below 2^31, the range of a 32-bit accumulator",
    remedy: "Prune the model first.",
  });
}
