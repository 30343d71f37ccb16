import { fail } from "../../base/errors";
import { checkBytes } from "../../base/shape";
import type { Label } from "../../matrix/dataset";
import { checkDimensions } from "../../pack/limits";
import type { StoredLinear } from "../../pack/packed";
import { imported } from "./imported";
import { type Field, fieldsOf, floats, integers, textOf } from "./protobuf-reader";

interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, readonly Field[]>;
}

interface Affine {
  /** The weight of feature j for output k at `j * outputs + k`. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly outputs: number;
}

/** What stands beside the linear map and changes neither it nor its probabilities. */
const harmless = [
  "Cast",
  "Identity",
  "Normalizer",
  "ZipMap",
  "ArgMax",
  "ArrayFeatureExtractor",
  "Reshape",
  "Constant",
];

/**
 * A linear classifier from an ONNX file: a `LinearClassifier` of ai.onnx.ml as converters of scikit-learn write it, or `Gemm` or `MatMul`
 * and `Add` before a `Sigmoid` or `Softmax`; a `Scaler` before it is folded into the weights. Weights are 32-bit floats in most such files.
 * @throws `invalid-file` where the bytes are no ONNX file; `unsupported-model` for other operators, named
 */
export function fromOnnx(bytes: Uint8Array): StoredLinear {
  checkBytes(bytes, "bytes of an ONNX file");
  const model = fieldsOf(bytes);
  const graph = model.find(({ field }) => field === 7);
  if (graph === undefined) return fail("invalid-file", { thing: "ONNX file", expected: "a graph" });
  const parts = fieldsOf(graph.bytes);
  const nodes = parts.filter(({ field }) => field === 1).map(({ bytes: own }) => nodeOf(own));
  const known = ["LinearClassifier", "Scaler", "Gemm", "MatMul", "Add", "Sigmoid", "Softmax", ...harmless];
  const other = nodes.find(({ type }) => !known.includes(type));
  if (other !== undefined) unsupported("operator", other.type, "a linear classifier alone");
  const constants = new Map(parts.filter(({ field }) => field === 5).map(({ bytes: own }) => tensorOf(own)));
  const linear = nodes.filter(({ type }) => type === "LinearClassifier");
  const foreign = linear.length === 1 ? classifierOf(linear[0]) : matrixOf(nodes, constants);
  return imported({ ...foreign, ...scaled(foreign, nodes) }, "ONNX file");
}

type Read = Affine & { readonly classes: readonly Label[]; readonly link: "binary" | "ovr" | "softmax" };

function classifierOf({ attributes }: Node): Read {
  const list = (name: string): readonly Field[] => attributes.get(name) ?? [];
  const coefficients = floats(list("coefficients"), 7, 4);
  const texts = list("classlabels_strings").filter(({ field }) => field === 9);
  const classes: Label[] =
    texts.length > 0
      ? texts.map(({ bytes }) => new TextDecoder().decode(bytes))
      : integers(list("classlabels_ints"), 8);
  const given = floats(list("intercepts"), 7, 4);
  const transform = textOf(list("post_transform"), 4) || "NONE";
  if (!["LOGISTIC", "SOFTMAX", "NONE"].includes(transform) || classes.length < 2) {
    unsupported("post_transform", transform, "LOGISTIC or SOFTMAX");
  }
  const rows = given.length > 0 ? given.length : classes.length;
  const features = coefficients.length / rows;
  if (!Number.isInteger(features))
    unsupported("number of coefficients", coefficients.length, `a multiple of ${rows}`);
  checkDimensions(features, classes.length, rows);
  const row = (k: number): number[] => coefficients.slice(k * features, (k + 1) * features);
  const b = given.length > 0 ? given : new Array(rows).fill(0);
  if (classes.length > 2 && rows !== classes.length)
    unsupported("rows of coefficients", rows, String(classes.length));
  if (classes.length === 2) {
    if (rows === 1) return { ...columnsOf([row(0)], b), classes, link: "binary" };
    const [first, second] = [row(0), row(1)];
    if (transform === "SOFTMAX") {
      const difference = second.map((w, j) => w - first[j]);
      return { ...columnsOf([difference], [b[1] - b[0]]), classes, link: "binary" };
    }
    const mirrored = second.every((w, j) => w === -first[j]) && b[1] === -b[0];
    if (!mirrored)
      unsupported("two sigmoids of two classes", "with weights of their own", "one to mirror the other");
    return { ...columnsOf([second], [b[1]]), classes, link: "binary" };
  }
  const all = Array.from({ length: rows }, (_, k) => row(k));
  if (transform === "NONE") unsupported("post_transform", transform, "LOGISTIC or SOFTMAX");
  return { ...columnsOf(all, b), classes, link: transform === "SOFTMAX" ? "softmax" : "ovr" };
}

function columnsOf(rows: readonly (readonly number[])[], b: readonly number[]): Affine {
  const outputs = rows.length;
  const weights = Float64Array.from(
    { length: rows[0].length * outputs },
    (_, i) => rows[i % outputs][Math.floor(i / outputs)],
  );
  return { weights, intercepts: Float64Array.from(b), outputs };
}

interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

function matrixOf(nodes: readonly Node[], constants: ReadonlyMap<string, Tensor>): Read {
  const products = nodes.filter(({ type }) => type === "Gemm" || type === "MatMul");
  const links = nodes.filter(({ type }) => type === "Sigmoid" || type === "Softmax");
  if (products.length !== 1 || links.length !== 1) {
    unsupported(
      "graph",
      `${products.length} products, ${links.length} links`,
      "one linear map and one Sigmoid or Softmax",
    );
  }
  const [product] = products;
  const table = constants.get(product.inputs[1]);
  if (table === undefined || table.dims.length !== 2)
    return unsupported("weights", product.type, "a constant matrix");
  const int = (name: string): number => integers(product.attributes.get(name) ?? [], 3)[0] ?? 0;
  const real = (name: string): number => floats(product.attributes.get(name) ?? [], 2, 4)[0] ?? 1;
  if (int("transA") !== 0) unsupported("transA", 1, "features in rows");
  const turned = int("transB") === 1;
  const [features, outputs] = turned ? [table.dims[1], table.dims[0]] : table.dims;
  const alpha = product.type === "Gemm" ? real("alpha") : 1;
  const beta = product.type === "Gemm" ? real("beta") : 1;
  const weights = Float64Array.from({ length: features * outputs }, (_, i) => {
    const at = turned ? (i % outputs) * features + Math.floor(i / outputs) : i;
    return alpha * table.values[at];
  });
  const adds = nodes.filter(({ type }) => type === "Add");
  const bias = [product.inputs[2] ?? "", ...adds.flatMap(({ inputs }) => inputs)]
    .map((name) => constants.get(name))
    .filter((t) => t !== undefined);
  if (adds.length > 1 || bias.length > 1) unsupported("Add", adds.length, "at most one constant to add");
  const scale = product.inputs[2] === undefined || product.inputs[2] === "" ? 1 : beta;
  const intercepts = Float64Array.from({ length: outputs }, (_, k) => {
    const values = bias[0]?.values;
    return values === undefined ? 0 : scale * values[values.length === 1 ? 0 : k];
  });
  const softmax = links[0].type === "Softmax";
  if (outputs === 1 && softmax) unsupported("Softmax", "of one output", "a Sigmoid");
  if (outputs === 2 && softmax) {
    const pair = Float64Array.from({ length: features }, (_, j) => weights[2 * j + 1] - weights[2 * j]);
    const b = Float64Array.of(intercepts[1] - intercepts[0]);
    return { weights: pair, intercepts: b, outputs: 1, classes: [0, 1], link: "binary" };
  }
  if (outputs === 2) unsupported("Sigmoid", "of two outputs", "one output for two classes");
  const classes = Array.from({ length: Math.max(outputs, 2) }, (_, k) => k);
  return {
    weights,
    intercepts,
    outputs,
    classes,
    link: outputs === 1 ? "binary" : softmax ? "softmax" : "ovr",
  };
}

function scaled(read: Read, nodes: readonly Node[]): Pick<Affine, "weights" | "intercepts"> {
  const scalers = nodes.filter(({ type }) => type === "Scaler");
  if (scalers.length === 0) return read;
  if (scalers.length > 1) unsupported("Scaler", scalers.length, "one at most");
  const offset = floats(scalers[0].attributes.get("offset") ?? [], 7, 4);
  const scale = floats(scalers[0].attributes.get("scale") ?? [], 7, 4);
  const { outputs } = read;
  const of = (list: readonly number[], j: number, other: number): number =>
    list.length === 0 ? other : list[list.length === 1 ? 0 : j];
  const weights = read.weights.map((w, i) => w * of(scale, Math.floor(i / outputs), 1));
  const intercepts = read.intercepts.map((b, k) => {
    let sum = b;
    for (let j = 0; j * outputs < weights.length; j++) sum -= weights[j * outputs + k] * of(offset, j, 0);
    return sum;
  });
  return { weights, intercepts };
}

function nodeOf(bytes: Uint8Array): Node {
  const fields = fieldsOf(bytes);
  const texts = (field: number): string[] =>
    fields.filter((f) => f.field === field).map(({ bytes: own }) => new TextDecoder().decode(own));
  const attributes = fields
    .filter(({ field }) => field === 5)
    .map(({ bytes: own }) => {
      const attribute = fieldsOf(own);
      return [textOf(attribute, 1), attribute] as const;
    });
  return { type: textOf(fields, 4), inputs: texts(1), outputs: texts(2), attributes: new Map(attributes) };
}

function tensorOf(bytes: Uint8Array): [string, Tensor] {
  const fields = fieldsOf(bytes);
  const dims = integers(fields, 1);
  const type = integers(fields, 2)[0];
  const raw = fields.filter(({ field }) => field === 9).map((f) => ({ ...f, field: type === 11 ? 10 : 4 }));
  const values =
    type === 11
      ? floats([...fields.filter(({ field }) => field === 10), ...raw], 10, 8)
      : type === 1
        ? floats([...fields.filter(({ field }) => field === 4), ...raw], 4, 4)
        : [];
  return [textOf(fields, 8), { dims, values: Float64Array.from(values) }];
}

function unsupported(thing: string, value: unknown, expected: string): never {
  return fail("unsupported-model", { thing: `${thing} of the ONNX file`, value, expected });
}
