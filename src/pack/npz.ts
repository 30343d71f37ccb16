import type { Label } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { littleEndian, type NumberKind, numberKinds } from "./little-endian";
import { sparseRowsOf } from "./sparse-rows";
import { ascii, joined, zipOf } from "./zip";

/**
 * A model as an archive of NumPy arrays (`.npz`, NEP 1) for Python: `scipy.sparse.load_npz` reads the weights, outputs x
 * features, in compressed rows; `numpy.load` also `intercepts`, `classes`, `link` and `threshold`. All numbers are 64-bit floats, so
 * nothing is rounded. Labels of several types are texts.
 */
export function toNpz(model: Scorer): Uint8Array {
  checkModel(model);
  const { pointers, indices, values } = sparseRowsOf(model);
  const { outputs, features, intercepts, classes, link, threshold } = model;
  const arrays: Record<string, Uint8Array> = {
    indices: numbers(indices, "i4"),
    indptr: numbers(pointers, "i4"),
    format: npy("|S3", "()", Uint8Array.from(ascii("csr"))),
    shape: numbers([outputs, features], "i8"),
    data: numbers(values, "f8"),
    intercepts: numbers(intercepts, "f8"),
    classes: labels(classes),
    link: texts([link]),
    threshold: numbers([threshold], "f8"),
  };
  return zipOf(Object.entries(arrays).map(([name, bytes]) => ({ name: `${name}.npy`, bytes })));
}

function labels(classes: readonly Label[]): Uint8Array {
  if (classes.every((label) => typeof label === "boolean")) {
    return npy("|b1", `(${classes.length},)`, Uint8Array.from(classes, Number));
  }
  if (classes.some((label) => typeof label !== "number")) return texts(classes.map(String));
  const whole = classes.every(Number.isSafeInteger);
  return numbers(classes as readonly number[], whole ? "i8" : "f8");
}

function numbers(values: ArrayLike<number>, kind: NumberKind): Uint8Array {
  return npy(numberKinds[kind].numpy, `(${values.length},)`, littleEndian(values, kind));
}

/** Texts of the same number of code points, filled up with zeros. */
function texts(values: readonly string[]): Uint8Array {
  const points = values.map((value) => Array.from(value, (letter) => letter.codePointAt(0)!));
  const width = points.reduce((most, { length }) => Math.max(most, length), 1);
  const filled = points.flatMap((own) => [...own, ...new Array<number>(width - own.length).fill(0)]);
  return npy(`<U${width}`, `(${values.length},)`, littleEndian(filled, "i4"));
}

/** An array in version 1.0 of NumPy's format: the data begin at a multiple of 64 bytes. */
function npy(kind: string, shape: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11) + "\n";
  const start = [0x93, ...ascii("NUMPY"), 1, 0, header.length & 255, header.length >> 8];
  return joined([Uint8Array.from([...start, ...ascii(header)]), data]);
}
