import { checkChoice, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import type { Scorer } from "../../model/scorer";
import { featureScales } from "../c/integer-model";
import { mostDense } from "../c/row";
import { Exported } from "../exported";
import { type GoldenRow, goldenRows } from "../golden";
import { type ExportOptions, planExport } from "../options";
import { type Portable, portable } from "../portable";
import { Graph } from "./graph";
import { addLink } from "./link";
import { type Rounded, roundedWeights } from "./rounded";

/** How a model becomes ONNX. */
export interface OnnxExportOptions extends ExportOptions {
  /** `float`: 32-bit weights. `int8`: weights, and numbers that come in, in 8 bits (QDQ form). Default `"float"`. */
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
    ...p.categorical.map((_, c) => builder.levels(c)),
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
  const content = graph.toModel(p.name, notes, p.categorical.length + p.text.length > 0 || builder.usesMl);
  return new Exported("onnx", [{ name: `${p.name}.onnx`, content }], {
    weightBytes: graph.constantBytes,
    ...(kind === "int8" ? { marginBound: builder.marginBound } : {}),
  });
}

class Builder {
  usesMl = false;
  #bounds: Float64Array;

  constructor(
    readonly graph: Graph,
    readonly p: Portable,
    readonly range: number | null,
  ) {
    this.#bounds = new Float64Array(p.outputs);
  }

  get marginBound(): number {
    // The rest is for sums of 32-bit floats.
    return Math.max(...this.#bounds) + 1e-5;
  }

  numbers(): string[] {
    const { graph, p } = this;
    const columns = p.numeric.map(({ name }) => graph.input(name, "double", ["N", 1]));
    let x = columns.length === 1 ? columns[0] : graph.node("Concat", columns, { axis: { int: 1 } });
    const means = graph.constant(
      "double",
      [1, columns.length],
      p.numeric.map(({ mean }) => mean),
    );
    if (p.missing === "mean") x = graph.node("Where", [graph.node("IsNaN", [x]), means, x]);
    // What is infinite or missing still makes the whole row NaN.
    const taint = this.#rowSum(graph.node("Sub", [x, x]));
    const scales = p.numeric.map(({ scale }) => scale);
    const weights = Float64Array.from(p.numeric.flatMap(({ weights: own }) => Array.from(own)));
    if (this.range === null) {
      // Scaling goes into the weights: (x - mean) / scale times w is x - mean times w / scale.
      const folded = weights.map((w, i) => Math.fround(w / scales[Math.floor(i / p.outputs)]));
      const table = this.#doubles(graph.constant("float", [columns.length, p.outputs], folded));
      return [graph.node("MatMul", [graph.node("Sub", [x, means]), table]), taint];
    }
    const z = graph.node("Div", [
      graph.node("Sub", [x, means]),
      graph.constant("double", [1, columns.length], scales),
    ]);
    const calm = graph.node("Where", [graph.node("IsNaN", [z]), graph.constant("double", [], [0]), z]);
    const single = graph.node("Cast", [calm], { to: { int: 1 } });
    return [this.#quantizedProduct(single, weights, this.range / 127, this.range), taint];
  }

  levels(c: number): string {
    const { graph, p } = this;
    const { name, levels, weights } = p.categorical[c];
    const input = graph.input(name, "string", ["N", 1]);
    const number = graph.node(
      "LabelEncoder",
      [input],
      {
        keys_strings: levels,
        values_int64s: levels.map((_, l) => BigInt(l)),
        default_int64: { int: levels.length },
      },
      { domain: "ai.onnx.ml" },
    );
    const strict = p.unseen === "error";
    const rows = this.#gathered(weights, levels.length, number, (errors) => largest(errors));
    const squeezed = graph.node("Squeeze", [rows, graph.constant("int64", [1], [1])]);
    if (!strict) return squeezed;
    const unseen = graph.node("Equal", [number, graph.constant("int64", [], [levels.length])]);
    const invalid = graph.constant("double", [], [Number.NaN]);
    return graph.node("Where", [unseen, invalid, squeezed]);
  }

  text(t: number): string {
    const { name, buckets, weights } = this.p.text[t];
    return this.#sparse(`${name}/buckets`, `${name}/values`, buckets, weights, 1);
  }

  features(examples: Parameters<typeof featureScales>[1]): string {
    const { graph, p, range } = this;
    const { features, columns, weights } = p.matrix!;
    const scales = range === null ? [] : featureScales(p, examples);
    const span = scales.map(({ step }) => 127 * step);
    if (features > mostDense) {
      return this.#sparse("indices", "values", columns, weights, Math.max(0, ...span));
    }
    const input = graph.input("features", "float", ["N", features]);
    if (columns.length === 0) return graph.node("Cast", [this.#rowZeros(input)], { to: { int: 11 } });
    const all = columns.length === features;
    const x = all
      ? input
      : graph.node("Gather", [input, graph.constant("int64", [columns.length], columns)], {
          axis: { int: 1 },
        });
    if (range === null) {
      const table = this.#doubles(graph.constant("float", [columns.length, p.outputs], weights));
      return graph.node("MatMul", [this.#doubles(x), table]);
    }
    const steps = scales.map(({ step }) => step * 127);
    const unit = graph.node("Div", [x, graph.constant("float", [1, columns.length], steps)]);
    const folded = weights.map((w, i) => w * steps[Math.floor(i / p.outputs)]);
    return this.#quantizedProduct(unit, folded, 1 / 127, 1);
  }

  rowsWithoutColumns(): string {
    const rows = this.graph.input("rows", "double", ["N", 1]);
    return this.graph.node("Sub", [rows, rows]);
  }

  #sparse(
    indices: string,
    values: string,
    ids: Uint32Array,
    weights: Float64Array,
    largestValue: number,
  ): string {
    const { graph } = this;
    this.usesMl = true;
    const index = graph.input(indices, "int64", ["N", "L"]);
    const value = graph.input(values, "float", ["N", "L"]);
    const number = graph.node(
      "LabelEncoder",
      [index],
      {
        keys_int64s: Array.from(ids, BigInt),
        values_int64s: Array.from(ids, (_, i) => BigInt(i)),
        default_int64: { int: ids.length },
      },
      { domain: "ai.onnx.ml" },
    );
    const rows = this.#gathered(weights, ids.length, number, (errors) =>
      // Shares of a text have the norm 1; other values are at most as large as the examples'.
      largestValue === 1
        ? Math.sqrt(errors.reduce((a, b) => a + b * b, 0))
        : largestValue * errors.reduce((a, b) => a + b, 0),
    );
    const spread = graph.node("Unsqueeze", [this.#doubles(value), graph.constant("int64", [1], [2])]);
    const products = graph.node("Mul", [rows, spread]);
    return graph.node("ReduceSum", [products, graph.constant("int64", [1], [1])], { keepdims: { int: 0 } });
  }

  /** Rows of a table by numbers; the number after the last is a row of zeros. */
  #gathered(
    weights: Float64Array,
    rows: number,
    number: string,
    bound: (errors: Float64Array) => number,
  ): string {
    const { graph, p, range } = this;
    const padded = new Float64Array((rows + 1) * p.outputs);
    padded.set(weights);
    if (range === null) {
      const table = graph.constant("float", [rows + 1, p.outputs], padded);
      return this.#doubles(graph.node("Gather", [table, number], { axis: { int: 0 } }));
    }
    const rounded = this.#rounded(padded, bound);
    const table = graph.constant("int8", [rows + 1, p.outputs], rounded.codes);
    const codes = graph.node("Gather", [table, number], { axis: { int: 0 } });
    const scales = graph.constant("float", [p.outputs], rounded.scales);
    const zeros = graph.constant("int8", [p.outputs], new Int8Array(p.outputs));
    return this.#doubles(graph.node("DequantizeLinear", [codes, scales, zeros], { axis: { int: 2 } }));
  }

  #quantizedProduct(x: string, weights: Float64Array, step: number, span: number): string {
    const { graph, p } = this;
    const rounded = this.#rounded(weights, (errors) => span * errors.reduce((a, b) => a + b, 0));
    const scale = graph.constant("float", [], [step]);
    const zero = graph.constant("int8", [], [0]);
    const cut = graph.node("Clip", [
      x,
      graph.constant("float", [], [-127 * step]),
      graph.constant("float", [], [127 * step]),
    ]);
    const code = graph.node("QuantizeLinear", [cut, scale, zero]);
    const value = graph.node("DequantizeLinear", [code, scale, zero]);
    const table = graph.constant("int8", [weights.length / p.outputs, p.outputs], rounded.codes);
    const scales = graph.constant("float", [p.outputs], rounded.scales);
    const zeros = graph.constant("int8", [p.outputs], new Int8Array(p.outputs));
    const factors = graph.node("DequantizeLinear", [table, scales, zeros], { axis: { int: 1 } });
    return this.#doubles(graph.node("MatMul", [value, factors]));
  }

  #rounded(weights: Float64Array, bound: (errors: Float64Array) => number): Rounded {
    const rounded = roundedWeights(weights, this.p.outputs);
    for (let k = 0; k < this.p.outputs; k++) {
      this.#bounds[k] += bound(rounded.errors.filter((_, i) => i % this.p.outputs === k));
    }
    return rounded;
  }

  #doubles(x: string): string {
    return this.graph.node("Cast", [x], { to: { int: 11 } });
  }

  #rowSum(x: string): string {
    return this.graph.node("ReduceSum", [x, this.graph.constant("int64", [1], [1])], {
      keepdims: { int: 1 },
    });
  }

  #rowZeros(x: string): string {
    return this.#rowSum(this.graph.node("Sub", [x, x]));
  }
}

function largest(list: Float64Array): number {
  return list.reduce((a, b) => Math.max(a, b), 0);
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
