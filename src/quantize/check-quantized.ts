import { fail } from "../base/errors";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { QuantizedModel } from "./quantized";

/** Throws `invalid-model` unless `model` is a {@link QuantizedModel}. */
export function checkQuantized(model: unknown, thing: string = "model"): asserts model is QuantizedModel {
  if (model instanceof QuantizedModel) return;
  checkModel(model);
  fail("invalid-model", {
    thing,
    value: (model as Scorer).stage,
    expected: "a quantized model",
    remedy: "await quantize(model, { bits }) makes one.",
  });
}
