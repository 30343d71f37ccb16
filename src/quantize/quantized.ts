import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import { type Link, Scorer } from "../model/scorer";
import type { FitWarning } from "../model/warning";

/**
 * How codes decode. `uniform`: `scale * (code - zeroPoint)`. `codebook`: `levels[code]`. No code of a kept weight
 * decodes to zero by accident of rounding: zeros are weights that are not in `positions`.
 */
export type Scheme =
  | { readonly kind: "uniform"; readonly bits: number; readonly scale: number; readonly zeroPoint: number }
  | { readonly kind: "codebook"; readonly bits: number; readonly levels: Float64Array };

/** What a quantization did. */
export interface QuantizeReport {
  readonly method: string;
  /** Bits of a code. */
  readonly bits: number;
  /** How many different values the stored weights have. */
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
}

/** What a quantized model is made of. */
export interface QuantizedParts {
  readonly classes: readonly Label[];
  readonly link: Link;
  readonly featureNames: FeatureNames;
  /** Where the stored weights lie in the `features x outputs` table, ascending. */
  readonly positions: Uint32Array;
  /** One code in `[0, 2^bits)` for each position. */
  readonly codes: Uint16Array;
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
  readonly link: Link;
  readonly featureNames: FeatureNames;
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly scheme: Scheme;
  readonly intercepts: Float64Array;
  readonly quantization: QuantizeReport | null;
  #weights: Float64Array | undefined;

  /** @throws `length-mismatch`; `invalid-model` for codes without a level, or positions not ascending in the table */
  constructor(parts: QuantizedParts) {
    super();
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
    checkCodes(this.codes, this.scheme);
    checkPositions(this.positions, this.features * this.outputs);
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
    const levels = levelsOf(this.scheme);
    this.positions.forEach((position, i) => {
      weights[position] = levels[this.codes[i]];
    });
    return weights;
  }
}

/** The value of each code, `2^bits` numbers for a uniform scheme, else the codebook. */
export function levelsOf(scheme: Scheme): Float64Array {
  if (scheme.kind === "codebook") return scheme.levels;
  return Float64Array.from(
    { length: 2 ** scheme.bits },
    (_, code) => scheme.scale * (code - scheme.zeroPoint),
  );
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

function checkCodes(codes: Uint16Array, scheme: Scheme): void {
  const count = scheme.kind === "codebook" ? scheme.levels.length : 2 ** scheme.bits;
  const wrong = codes.find((code) => code >= count);
  if (wrong !== undefined) {
    fail("invalid-model", { thing: "code", value: wrong, expected: `below ${count}, the number of levels` });
  }
}
