import { createHash } from "node:crypto";
import { checkDataset } from "../../matrix/check-dataset";
import type { Dataset } from "../../matrix/dataset";

/**
 * SHA-256 of all that a fit sees of a dataset: classes, features, labels, weights and scale, in 64 hexadecimal digits. The same data give
 * the same digits on every machine; names of features are left out.
 */
export function dataHash(data: Dataset): string {
  checkDataset(data);
  const { features, labels, classes, weights, scale } = data;
  const hash = createHash("sha256");
  const add = (name: string, array: ArrayBufferView | null): void => {
    hash.update(`${name} ${array === null ? "none" : array.byteLength}\n`);
    if (array !== null) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  };
  hash.update(`${features.kind} ${features.rows} ${features.columns} ${JSON.stringify(classes)}\n`);
  if (features.kind === "csr") {
    add("pointers", features.pointers);
    add("indices", features.indices);
  }
  add("values", features.values);
  add("labels", labels);
  add("weights", weights);
  add("scale", scale);
  return hash.digest("hex");
}

/** SHA-256 of bytes, in 64 hexadecimal digits. */
export function bytesHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
