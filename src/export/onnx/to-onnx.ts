import { checkChoice, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import type { Scorer } from "../../model/scorer";
import { Exported } from "../exported";
import { type GoldenRow, goldenRows } from "../golden";
import { type ExportOptions, planExport } from "../options";
import { type Portable, portable } from "../portable";
import { Builder } from "./builder";
import { Graph } from "./graph";
import { addLink } from "./link";

/** How a model becomes ONNX. */
export interface OnnxExportOptions extends ExportOptions {
  /**
   * `float`: 32-bit weights. `int8`: weights, and numbers that come in, in 8 bits (QDQ form), weights of numbers from -63 to 63, so that
   * no processor's sums overflow. Default `"float"`.
   */
  readonly weights?: "float" | "int8";
  /** For `int8`: how many standard deviations to each side of the mean 8 bits cover; what is beyond counts as the end. Default 4. */
  readonly inputRange?: number;
}

/**
 * A model as an ONNX file: operators of opset 17, and for levels and buckets the `LabelEncoder` of ai.onnx.ml. Inputs go by the names of the
 * columns: numbers are doubles, N x 1, `NaN` where missing; categories are texts, N x 1, where a missing one is an empty text. Texts come
 * hashed, as ONNX has no hash: `NAME/buckets` (int64, N x L) and `NAME/values` (float, N x L), filled up with zeros.
 * Without an encoder there is one input `features` (float, N x features), or `indices` and `values` (N x L) beyond 4,096.
 *
 * Outputs: `label` (texts, or int64 for whole numbers and truth values, or double) and `probabilities` (float, N x classes). A row that the
 * encoder would refuse gets probabilities of NaN and the label `""`, -2^63 or NaN. Vectors of the self-test are in the metadata, under
 * `logitpress.golden`, as JSON.
 *
 * Facts: `weightBytes`; for `int8` also `marginBound`, against the model at the same 8-bit inputs.
 * @throws `unsupported-model`, `invalid-option`, `unknown-option`, `width-mismatch`; `missing-option` for `int8` without an encoder and
 * examples
 */
export function toOnnx(model: Scorer, options: OnnxExportOptions = {}): Exported {
  const plan = planExport(options, "toOnnx", ["weights", "inputRange"]);
  const kind = checkChoice(options.weights ?? "float", "weights", ["float", "int8"] as const);
  const range = checkNumber(options.inputRange ?? 4, "inputRange", { above: 0, max: 1000 });
  const p = portable(model, plan);
  checkInputs(p);
  const graph = new Graph(prefixFor(p));
  const builder = new Builder(graph, p, kind === "int8" ? range : null);
  const terms = [
    ...(p.numeric.length > 0 ? builder.numbers() : []),
    ...p.bins.map((_, b) => builder.bins(b)),
    ...p.categorical.map((_, c) => builder.levels(c)),
    ...p.crosses.map((_, c) => builder.cross(c)),
    ...p.text.map((_, t) => builder.text(t)),
    ...(p.matrix === null ? [] : [builder.features(plan.examples)]),
  ];
  const intercepts = graph.constant("double", [1, p.outputs], p.intercepts);
  // An intercept alone must still be repeated for every row.
  const rows = terms.length > 0 ? terms : [builder.rowsWithoutColumns()];
  const margins = graph.node("Sum", [intercepts, ...rows]);
  addLink(graph, p, margins);
  const golden = goldenRows(p, plan.examples).map((row) => goldenOf(p, row));
  const notes: (readonly [string, string])[] = [
    ["logitpress.stage", p.stage],
    ["logitpress.golden", JSON.stringify(golden)],
    ...Object.entries(p.provenance).map(([k, v]) => [`provenance.${k}`, v] as const),
  ];
  const content = graph.toModel(p.name, notes, p.categorical.length > 0 || builder.usesMl);
  return new Exported("onnx", [{ name: `${p.name}.onnx`, content }], {
    weightBytes: graph.constantBytes,
    ...(kind === "int8" ? { marginBound: builder.marginBound } : {}),
  });
}

function checkInputs(p: Portable): void {
  const names = [
    ...[...p.numeric, ...p.categorical].map(({ name }) => name),
    ...p.text.flatMap(({ name }) => [`${name}/buckets`, `${name}/values`]),
  ];
  const wrong = names.find(
    (name, i) => name === "" || names.indexOf(name) !== i || ["label", "probabilities"].includes(name),
  );
  if (wrong === undefined) return;
  fail("unsupported-model", {
    thing: "name of a column",
    value: wrong,
    expected: "names that are not empty, each once, none of them an output's (label, probabilities)",
    remedy: "Rename the column before the fit.",
  });
}

function prefixFor(p: Portable): string {
  const names = [...p.numeric, ...p.categorical, ...p.text].map(({ name }) => name);
  let prefix = "_";
  while (names.some((name) => name.startsWith(prefix))) prefix += "_";
  return prefix;
}

function goldenOf(p: Portable, row: GoldenRow): object {
  return {
    numeric: row.numeric.map((x) => (Number.isNaN(x) ? null : x)),
    categorical: row.categorical,
    text: row.text,
    features: row.features,
    label: p.classes[row.label],
    probabilities: row.probabilities,
  };
}
