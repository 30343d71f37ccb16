import { fail } from "../base/errors";
import { Dataset } from "./dataset";

/** Throws `invalid-data` unless `value` is a {@link Dataset}, since a cell may be run in spite of its types. */
export function checkDataset(value: unknown, thing = "data"): asserts value is Dataset {
  if (value instanceof Dataset) return;
  fail("invalid-data", {
    thing,
    value: value ?? "nothing",
    expected: "a Dataset",
    remedy:
      "TableEncoder.fit(frame, spec).transform(frame) makes one of a table, Dataset.from({ features, labels }) of arrays.",
  });
}
