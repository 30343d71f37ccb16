import type { Scorer } from "../model/scorer";

/** The weights that are not zero as a matrix of outputs x features in compressed rows. */
interface SparseRows {
  /** Where the row of each output begins in `indices` and `values`, and the end. */
  readonly pointers: Uint32Array;
  /** The features, ascending in each row. */
  readonly indices: Uint32Array;
  readonly values: Float64Array;
}

/** The nonzero weights of a model, output by output. */
export function sparseRowsOf({ weights, outputs }: Scorer): SparseRows {
  const pointers = new Uint32Array(outputs + 1);
  weights.forEach((w, at) => {
    if (w !== 0) pointers[(at % outputs) + 1]++;
  });
  for (let k = 0; k < outputs; k++) pointers[k + 1] += pointers[k];
  const next = pointers.slice();
  const indices = new Uint32Array(pointers[outputs]);
  const values = new Float64Array(pointers[outputs]);
  weights.forEach((w, at) => {
    if (w === 0) return;
    const place = next[at % outputs]++;
    indices[place] = Math.floor(at / outputs);
    values[place] = w;
  });
  return { pointers, indices, values };
}
