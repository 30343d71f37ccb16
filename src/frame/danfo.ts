import type * as Danfo from "danfojs-node";
import type { DataFrame } from "./data-frame";
import { load } from "./dependency";
import { danfoTypes, type Schema } from "./schema";

/** The package danfojs-node, loaded at the first call. @throws `missing-dependency` where it is not installed */
export function danfo(): typeof Danfo {
  return load(
    "danfojs-node",
    () => require("danfojs-node") as typeof Danfo,
    [],
    "As published it does not install by itself: npx logitpress new FOLDER makes a project that installs it.",
  );
}

/** A danfo DataFrame of columns, with the types of the schema or of their values instead of danfo's guesses. */
export function frameOf(columns: ReadonlyMap<string, readonly unknown[]>, schema: Schema = {}): DataFrame {
  const names = [...columns.keys()];
  const series = [...columns.values()];
  const rows = series[0]?.length ?? 0;
  const values = Array.from({ length: rows }, (_, i) => series.map((column) => column[i]));
  const dtypes = names.map((name, j) =>
    Object.hasOwn(schema, name) && !(schema[name] === "integer" && series[j].includes(null))
      ? danfoTypes[schema[name]]
      : dtypeOf(series[j]),
  );
  const { DataFrame } = danfo();
  return new DataFrame(values, { columns: names, dtypes });
}

/** danfo's name of the type that holds all values of a column; null and undefined fit every type. */
function dtypeOf(values: readonly unknown[]): "string" | "boolean" | "int32" | "float32" {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length > 0 && present.every((value) => typeof value === "boolean")) return "boolean";
  if (present.length === 0 || !present.every((value) => typeof value === "number")) return "string";
  return present.every(Number.isInteger) && present.length === values.length ? "int32" : "float32";
}
