import { fail } from "../base/errors";
import { Scorer } from "./scorer";

/** Throws `invalid-model` unless `value` is a model, since a cell may be run in spite of its types. */
export function checkModel(value: unknown, thing = "model"): asserts value is Scorer {
  if (value instanceof Scorer) return;
  fail("invalid-model", {
    thing,
    value: value ?? "nothing",
    expected: "a model",
    remedy: "fit, prune, quantize and load return promises of one: await them.",
  });
}
