/** One side or both of a ternary or binary quantizer. */
interface Magnitude {
  /** What the values kept are replaced by, less their signs. */
  readonly scale: number;
  /** Values of at least this magnitude are kept, the others become zero. */
  readonly threshold: number;
}

/**
 * The scale and threshold with the least squared error of all that replace each value by its sign times the scale, or by zero
 * below the threshold: of the k largest magnitudes the best scale is their mean, and the k that lowers the error most
 * is found by trying them all (Li and Liu, 2016, "Ternary weight networks", section 2.2, there approximated).
 *
 * @param importances how much the square of each value's error counts; `null` for ones
 */
export function ternaryMagnitude(values: Float64Array, importances: Float64Array | null): Magnitude {
  const order = Uint32Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  let mass = 0;
  let sum = 0;
  let most = 0;
  let best: Magnitude = binaryMagnitude(values, importances);
  order.forEach((i, rank) => {
    const importance = importances === null ? 1 : importances[i];
    mass += importance;
    sum += importance * Math.abs(values[i]);
    const tied = rank + 1 < order.length && Math.abs(values[order[rank + 1]]) === Math.abs(values[i]);
    if (tied || !((sum * sum) / mass > most)) return;
    most = (sum * sum) / mass;
    best = { scale: sum / mass, threshold: Math.abs(values[i]) };
  });
  return best;
}

/**
 * The scale with the least squared error where each value becomes its sign times the scale: the mean magnitude
 * (Rastegari et al., 2016, "XNOR-Net", section 3.1).
 */
export function binaryMagnitude(values: Float64Array, importances: Float64Array | null): Magnitude {
  let mass = 0;
  let sum = 0;
  values.forEach((value, i) => {
    const importance = importances === null ? 1 : importances[i];
    mass += importance;
    sum += importance * Math.abs(value);
  });
  if (!(sum > 0)) return binaryMagnitude(values, null);
  return { scale: sum / mass, threshold: 0 };
}
