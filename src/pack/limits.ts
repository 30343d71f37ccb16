import { fail } from "../base/errors";
import { decoded } from "../quantize/codes";
import type { QuantizedModel } from "../quantize/quantized";

/** The most weights, features times outputs, that a file may declare. */
export const mostWeights: number = 2 ** 26;
/** The most classes that a file may declare. */
export const mostClasses: number = 65536;
/** The longest side of a square of pixels that are pooled. */
export const mostBy: number = 1023;

/** Throws `unsupported-model` where a model is beyond what the format holds. */
export function checkDimensions(features: number, classes: number, outputs: number): void {
  if (features >= 1 && features * outputs <= mostWeights && classes <= mostClasses) return;
  fail("unsupported-model", {
    thing: "size of the model",
    value: `${features} features x ${outputs} outputs`,
    expected: `at most ${mostWeights} weights and ${mostClasses} classes`,
  });
}

/** The most stored weights that a file of `bytes` may declare, so that a few bytes can't ask for much work. */
export function mostStored(bytes: number): number {
  return 4096 * bytes;
}

/** Throws `invalid-model` where a stored weight is zero, which is a weight that is not stored, or no number. */
export function checkLevels(model: QuantizedModel): void {
  const wrong = decoded(model, model.outputs).find((value) => value === 0 || !Number.isFinite(value));
  if (wrong === undefined) return;
  fail("invalid-model", {
    thing: "stored weight",
    value: wrong,
    expected: "a finite number that is not zero",
  });
}
