/** Weights as 8-bit integers, with one scale an output. */
export interface Rounded {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  /** The absolute difference of each weight to what its code stands for. */
  readonly errors: Float64Array;
}

/**
 * Rounds a table of `entries x outputs` to symmetric 8-bit integers, each output over its own range.
 * @param most the largest code, 127 or less
 */
export function roundedWeights(weights: Float64Array, outputs: number, most = 127): Rounded {
  const scales = new Float32Array(outputs).fill(0);
  weights.forEach((w, i) => {
    scales[i % outputs] = Math.max(scales[i % outputs], Math.abs(w) / most);
  });
  for (let k = 0; k < outputs; k++) if (scales[k] === 0) scales[k] = 1;
  const codes = Int8Array.from(weights, (w, i) =>
    Math.min(Math.max(Math.round(w / scales[i % outputs]), -most), most),
  );
  const errors = weights.map((w, i) => Math.abs(w - codes[i] * scales[i % outputs]));
  return { codes, scales, errors };
}
