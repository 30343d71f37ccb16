import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { IntegerModel } from "../quantize/integer-model";
import { QuantizedModel } from "../quantize/quantized";
import { parametersOf, plainSchemes } from "../quantize/schemes";
import { PackedModel } from "./packed";

/**
 * The bytes of a model in the plain storage that one would otherwise write. Trained: a table of 32-bit floats. Pruned:
 * a 32-bit position and a 32-bit float for each nonzero. Quantized: a 32-bit position for each nonzero, codes packed to
 * their bits, 32-bit levels, or scale and zero point, of each part. In integers: a 32-bit position and a byte for each
 * nonzero, a 32-bit scale a feature and output. Intercepts are 32-bit floats throughout. Packed: the size of its file.
 */
export function storedBytes(model: Scorer): number {
  checkModel(model);
  const { features, outputs, nonzeros } = model;
  if (model instanceof PackedModel) return model.bytes;
  if (model instanceof QuantizedModel) {
    const { scheme } = model;
    const parameters = plainSchemes(scheme).reduce(
      (sum, plain) => sum + parametersOf(plain).length + Number(plain.kind === "uniform"),
      0,
    );
    return 4 * (nonzeros + parameters + outputs) + Math.ceil((scheme.bits * nonzeros) / 8);
  }
  if (model instanceof IntegerModel) return 5 * nonzeros + 4 * (features + 2 * outputs);
  if (model.stage === "pruned") return 8 * nonzeros + 4 * outputs;
  return 4 * (features * outputs + outputs);
}
