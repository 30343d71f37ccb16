import { fail } from "../base/errors";
import { isPlain } from "../base/shape";
import { Dataset } from "./dataset";

/** Throws `invalid-data` unless `value` is a {@link Dataset}, since a cell may be run in spite of its types. */
export function checkDataset(value: unknown, thing = "data"): asserts value is Dataset {
  if (value instanceof Dataset) return;
  fail("invalid-data", {
    thing,
    value: value ?? "nothing",
    expected: "a Dataset",
    remedy: remedyFor(value),
  });
}

function remedyFor(value: unknown): string {
  if (value instanceof Promise) return "Await it.";
  if (typeof value === "object" && value !== null && "predictProba" in value)
    return "It is a model; the data come after it.";
  const fields = typeof value === "object" && value !== null && isPlain(value) ? Object.keys(value) : [];
  if (["parquet", "csv", "database"].some((source) => fields.includes(source)))
    return "A table in files needs its engine, in the last argument: { engine: duckdb() }.";
  if (fields.includes("train") && fields.includes("test"))
    return "It is a split: take its train or its test.";
  return "TableEncoder.fit(frame, spec).transform(frame) makes one of a table, Dataset.from({ features, labels }) of arrays.";
}
