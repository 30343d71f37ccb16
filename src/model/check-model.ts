import { fail } from "../base/errors";
import { Dataset } from "../matrix/dataset";
import { Scorer } from "./scorer";

/** Throws `invalid-model` unless `value` is a model, since a cell may be run in spite of its types. */
export function checkModel(value: unknown, thing = "model"): asserts value is Scorer {
  if (value instanceof Scorer) return;
  fail("invalid-model", {
    thing,
    value: value ?? "nothing",
    expected: "a model",
    remedy: remedyFor(value),
  });
}

function remedyFor(value: unknown): string {
  if (value instanceof Dataset) return "The model comes before the data.";
  if (value instanceof Uint8Array) return "unpack(bytes) makes one of what pack returns.";
  if (typeof value === "string") return "A file is read by await load(path).";
  if (typeof value === "object" && value !== null && "model" in value) return "Take its model.";
  if (typeof value === "object" && value !== null && "fit" in value && typeof value.fit === "function")
    return "It is not fitted yet: await its fit(data) returns the model.";
  return "fit, prune, quantize and load return promises of one: await them.";
}
