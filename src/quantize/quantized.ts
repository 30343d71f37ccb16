import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import { type Link, Scorer } from "../model/scorer";
import type { FitWarning } from "../model/warning";
import { decoded, partingOf } from "./codes";
import { checkParting, unitsOf } from "./parting";
import { checkScheme, codeCount, levelOf, plainSchemes, type Scheme } from "./schemes";

export { levelsOf, type Scheme } from "./schemes";

/** What a quantized model loses on rows beside the model that it was made from. */
export interface QuantizeLoss {
  /** How many rows were judged. */
  readonly rows: number;
  /** The mean log-loss of the model before. */
  readonly before: number;
  /** That of the quantized model. */
  readonly after: number;
  /** Rows whose most probable class is another one now. */
  readonly changed: number;
}

/** What a quantization did. */
export interface QuantizeReport {
  /** The method. */
  readonly method: string;
  /** Bits of a code. */
  readonly bits: number;
  /** How many different codes the stored weights have, of all parts together. */
  readonly levels: number;
  /** The sum of squared differences to the weights before, in their own units, before the refit of the levels. */
  readonly squaredError: number;
  /** The entropy of the codes in bits a stored weight: what an ideal coder of single codes needs. */
  readonly entropyBits: number;
  /** Weights that were nonzero before and are zero now, since their level was zero. */
  readonly removed: number;
  /** How many bits a level is stored in. */
  readonly levelPrecision: "float16" | "float32";
  /** The strength of the L2 penalty of the refit, or `null` where there was none. */
  readonly refitLambda: number | null;
  /** What the user should know of the refit, such as that it did not converge; each with its remedy. */
  readonly warnings?: readonly FitWarning[];
  /** The number of stored weights. */
  readonly nonzeros?: number;
  /** What shares a scheme. */
  readonly granularity?: "model" | "class" | "group" | "block";
  /** How weights were rounded to levels. */
  readonly rounding?: "nearest" | "stochastic" | "compensated" | "descent";
  /**
   * What an ideal coder needs for a stored weight: for its place, had places no pattern, its code, and its part of
   * levels, scales and intercepts. What a file takes is what `pack` says.
   */
  readonly bitsPerWeight?: number;
  /** The largest difference of a weight to that before, in its own unit, before the refit of the levels. */
  readonly largestError?: number;
  /** What the rows of `validation`, else those of `data`, say; `null` where neither was given. */
  readonly loss?: QuantizeLoss | null;
  /** The log-loss on the validation rows for each strength that was tried in the refit. */
  readonly tried?: readonly { readonly lambda: number; readonly logLoss: number }[];
}

/** What a quantized model is made of. */
export interface QuantizedParts {
  /** The classes, in the order of the columns of probabilities. */
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  /** The name of each feature. */
  readonly featureNames: FeatureNames;
  /** Where the stored weights lie in the `features x outputs` table, ascending. */
  readonly positions: Uint32Array;
  /** One code in `[0, 2^bits)` for each position; see {@link Scheme}. */
  readonly codes: Uint16Array;
  /** How codes decode. */
  readonly scheme: Scheme;
  /** One intercept an output. */
  readonly intercepts: Float64Array;
  /** How the codes came about, where that is known. */
  readonly quantization?: QuantizeReport | null;
}

/** A model whose weights are integer codes. It has no training methods: a later step can't bring zeros back. */
export class QuantizedModel extends Scorer implements QuantizedParts {
  readonly stage = "quantized";
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  readonly featureNames: FeatureNames;
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  /** How codes decode. */
  readonly scheme: Scheme;
  readonly intercepts: Float64Array;
  readonly quantization: QuantizeReport | null;
  #weights: Float64Array | undefined;

  /** @throws `length-mismatch`; `invalid-model` for codes without a level, or positions not ascending in the table */
  constructor(parts: QuantizedParts) {
    super();
    checkShape(
      parts,
      "parts of a quantized model",
      "{ classes, link, featureNames, positions, codes, scheme, intercepts }",
      {
        classes: "list",
        link: "text",
        featureNames: "list",
        positions: "list",
        codes: "list",
        scheme: "object",
        intercepts: "list",
      },
    );
    this.classes = parts.classes;
    this.link = parts.link;
    this.featureNames = parts.featureNames;
    this.positions = parts.positions;
    this.codes = parts.codes;
    this.scheme = parts.scheme;
    this.intercepts = parts.intercepts;
    this.quantization = parts.quantization ?? null;
    checkLength(this.intercepts.length, this.outputs, "intercepts");
    checkLength(this.codes.length, this.positions.length, "codes");
    checkScheme(this.scheme);
    const parting = partingOf(this.scheme);
    if (parting !== null) checkParting(parting, this.features);
    checkPositions(this.positions, this.features * this.outputs);
    checkCodes(this);
  }

  override get nonzeros(): number {
    return this.positions.length;
  }

  get weights(): Float64Array {
    this.#weights ??= this.#decode();
    return this.#weights;
  }

  #decode(): Float64Array {
    const weights = new Float64Array(this.features * this.outputs);
    const values = decoded(this, this.outputs);
    this.positions.forEach((position, i) => {
      weights[position] = values[i];
    });
    return weights;
  }
}

function checkPositions(positions: Uint32Array, weights: number): void {
  const wrong = positions.findIndex((at, i) => at >= weights || (i > 0 && at <= positions[i - 1]));
  if (wrong < 0) return;
  fail("invalid-model", {
    thing: `position ${wrong} of the stored weights`,
    value: positions[wrong],
    expected: `ascending places below ${weights}`,
  });
}

function checkCodes({ codes, positions, scheme, outputs }: QuantizedModel): void {
  const { units, keys } = unitsOf(partingOf(scheme), positions, outputs);
  const schemes = plainSchemes(scheme);
  if (scheme.kind === "parted") checkLength(schemes.length, keys.length, "schemes");
  const counts = schemes.map(codeCount);
  const wrong = codes.findIndex((code, i) => code >= counts[units[i]]);
  if (wrong >= 0) {
    fail("invalid-model", {
      thing: "code",
      value: codes[wrong],
      expected: `below ${counts[units[wrong]]}, the number of levels`,
    });
  }
  const float = codes.findIndex((code, i) => {
    const plain = schemes[units[i]];
    if (plain.kind !== "float") return false;
    const value = levelOf(plain, code);
    return value === 0 || !Number.isFinite(value);
  });
  if (float >= 0) {
    fail("invalid-model", {
      thing: "code",
      value: codes[float],
      expected: "the bits of a finite float that is not zero",
    });
  }
}
