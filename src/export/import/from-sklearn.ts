import { fail } from "../../base/errors";
import type { Label } from "../../matrix/dataset";
import type { Link } from "../../model/scorer";
import { checkDimensions } from "../../pack/limits";
import type { StoredLinear } from "../../pack/packed";
import { imported } from "./imported";

/**
 * A scikit-learn model, from the text of the JSON file that `dump(estimator, path)` of `logitpress_sklearn.py` writes: a logistic
 * regression with or without a `StandardScaler` before it, which is folded into the weights. It can be pruned, quantized and packed.
 * @throws `invalid-file` where the text is no such file
 */
export function fromSklearn(text: string): StoredLinear {
  const value = parsed(text);
  const { classes, link, features, names, intercepts } = value;
  const outputs = intercepts.length;
  checkDimensions(features, classes.length, outputs);
  const places = bytesOf(value.places, 4);
  const numbers = bytesOf(value.weights, 8);
  const count = places.byteLength / 4;
  if (numbers.byteLength / 8 !== count) wrong("as many weights as places");
  const weights = new Float64Array(features * outputs);
  for (let i = 0; i < count; i++) {
    const at = places.getUint32(4 * i, true);
    if (at >= weights.length) wrong(`places below ${weights.length}`);
    weights[at] = numbers.getFloat64(8 * i, true);
  }
  return imported(
    { classes, link, weights, intercepts: Float64Array.from(intercepts), names },
    "file of logitpress_sklearn",
  );
}

interface Dumped {
  readonly classes: readonly Label[];
  readonly link: Link;
  readonly features: number;
  readonly names: readonly string[] | null;
  readonly intercepts: readonly number[];
  readonly places: string;
  readonly weights: string;
}

function parsed(text: string): Dumped {
  let value: Partial<Dumped> & { format?: unknown };
  try {
    value = JSON.parse(text) ?? {};
  } catch {
    return wrong("JSON");
  }
  const { format, classes, link, features, names, intercepts, places, weights } = value;
  if (format !== "logitpress-linear-1") wrong('the format "logitpress-linear-1"');
  const isList = (list: unknown, types: readonly string[]): boolean =>
    Array.isArray(list) && list.every((item) => types.includes(typeof item));
  if (!isList(classes, ["string", "number", "boolean"])) wrong("a list of classes");
  if (!isList(intercepts, ["number"]) || intercepts!.length === 0) wrong("a list of intercepts");
  if (names !== null && !isList(names, ["string"])) wrong("a list of names or null");
  if (!["binary", "ovr", "softmax"].includes(link as string)) wrong("a known link");
  if (!Number.isInteger(features)) wrong("a number of features");
  if (typeof places !== "string" || typeof weights !== "string") wrong("places and weights");
  return value as Dumped;
}

function bytesOf(text: string, size: number): DataView {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % size !== 0) wrong(`numbers of ${size} bytes`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function wrong(expected: string): never {
  return fail("invalid-file", { thing: "file of logitpress_sklearn", expected });
}
