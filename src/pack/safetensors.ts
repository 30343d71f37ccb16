import { checkBoolean, checkKeys } from "../base/check";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { littleEndian, type NumberKind, numberKinds } from "./little-endian";
import { sparseRowsOf } from "./sparse-rows";
import { joined } from "./zip";

/** How weights are laid out. */
export interface SafetensorsOptions {
  /** Nonzero weights alone, in compressed rows (`crow_indices`, `col_indices`, `values`). Default false: a full table. */
  readonly sparse?: boolean;
}

/**
 * A model in the safetensors format for other frameworks: `weight`, outputs x features, and `bias`, as of a linear layer, in
 * 32-bit floats, or in 64 bits where those don't hold them exactly; link, classes and threshold as metadata.
 * @throws `unknown-option`, `invalid-option`
 */
export function toSafetensors(model: Scorer, options: SafetensorsOptions = {}): Uint8Array {
  checkModel(model);
  checkKeys(options, ["sparse"], "toSafetensors");
  const sparse = checkBoolean(options.sparse ?? false, "sparse");
  const { weights, intercepts, link, classes, threshold } = model;
  const kind = [weights, intercepts].every((own) => own.every(isSingle)) ? "f4" : "f8";
  const tensors = [
    ...(sparse ? sparseTensors(model, kind) : [denseTensor(model, kind)]),
    floats("bias", intercepts, kind),
  ];
  const metadata = {
    format: "pt",
    link,
    classes: JSON.stringify(classes),
    threshold: String(threshold),
    ...(sparse ? { shape: JSON.stringify([model.outputs, model.features]) } : {}),
  };
  let end = 0;
  const entries = tensors.map(({ name, kind, shape, bytes }) => {
    end += bytes.length;
    const offsets = [end - bytes.length, end];
    return [name, { dtype: numberKinds[kind].safetensors, shape, data_offsets: offsets }] as const;
  });
  const header = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const encoded = new TextEncoder().encode(header);
  const padded = new Uint8Array(8 * Math.ceil(encoded.length / 8)).fill(32);
  padded.set(encoded);
  return joined([littleEndian([padded.length], "i8"), padded, ...tensors.map(({ bytes }) => bytes)]);
}

type FloatKind = "f4" | "f8";

function isSingle(value: number): boolean {
  return Object.is(Math.fround(value), value);
}

interface Tensor {
  readonly name: string;
  readonly kind: NumberKind;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

function denseTensor({ weights, outputs, features }: Scorer, kind: FloatKind): Tensor {
  const rows = new Float64Array(weights.length);
  weights.forEach((w, at) => {
    rows[(at % outputs) * features + Math.floor(at / outputs)] = w;
  });
  return floats("weight", rows, kind, [outputs, features]);
}

/** 64-bit integers first, so that every tensor begins at a multiple of its numbers' size. */
function sparseTensors(model: Scorer, kind: FloatKind): Tensor[] {
  const { pointers, indices, values } = sparseRowsOf(model);
  const integers = (name: string, own: Uint32Array): Tensor => {
    return { name, kind: "i8", shape: [own.length], bytes: littleEndian(own, "i8") };
  };
  return [
    integers("crow_indices", pointers),
    integers("col_indices", indices),
    floats("values", values, kind),
  ];
}

function floats(
  name: string,
  values: Float64Array,
  kind: FloatKind,
  shape: readonly number[] = [values.length],
): Tensor {
  return { name, kind, shape, bytes: littleEndian(values, kind) };
}
