import { checkKeys, checkNumber } from "../base/check";
import { checkQuantized } from "../quantize/check-quantized";
import { tidied } from "../quantize/codes";
import { QuantizedModel } from "../quantize/quantized";
import { type PlainScheme, parametersOf, type Scheme, withParameters } from "../quantize/schemes";
import { roundToMantissa } from "./cost";

/** The bits of mantissa to keep, from 0 to 10; by default as many as there are. */
export interface CoarsenOptions {
  /** Of levels and scales. */
  readonly levels?: number;
  /** The bits of mantissa that intercepts keep. */
  readonly intercepts?: number;
}

/**
 * A model whose levels, scales and intercepts are rounded to 16-bit floats of fewer bits of mantissa, each of which
 * saves a bit a number in a file. Levels that become equal become one. What it loses is for `compare` to say.
 * @throws `unknown-option`, `invalid-option`
 */
export function coarsen(model: QuantizedModel, options: CoarsenOptions): QuantizedModel {
  checkKeys(options, ["levels", "intercepts"], "coarsen");
  checkQuantized(model, "model to coarsen");
  const { classes, link, featureNames, outputs, quantization } = model;
  const round = (values: Float64Array, kept: number | undefined, thing: string) => {
    if (kept === undefined) return values;
    checkNumber(kept, thing, { integer: true, min: 0, max: 10 });
    return values.map((value) => roundToMantissa(value, kept) || value);
  };
  const rounded = (plain: PlainScheme) =>
    withParameters(plain, round(parametersOf(plain), options.levels, "levels"));
  const scheme: Scheme =
    model.scheme.kind === "parted"
      ? { ...model.scheme, schemes: model.scheme.schemes.map(rounded) }
      : rounded(model.scheme);
  const { positions, codes } = model;
  return new QuantizedModel({
    classes,
    link,
    featureNames,
    ...tidied({ positions, codes, scheme }, outputs),
    intercepts: round(model.intercepts, options.intercepts, "intercepts"),
    quantization,
  });
}
