/** The entries of a part of a table of weights that have one which is not zero, counted from `offset`, ascending. */
export function used(weights: Float64Array, outputs: number, offset: number, count: number): Uint32Array {
  const found: number[] = [];
  for (let j = 0; j < count; j++) {
    const at = (offset + j) * outputs;
    for (let k = 0; k < outputs; k++) {
      if (weights[at + k] === 0) continue;
      found.push(j);
      break;
    }
  }
  return Uint32Array.from(found);
}

/** The weights of some entries, counted from `offset`. */
export function gathered(
  weights: Float64Array,
  outputs: number,
  columns: Uint32Array,
  offset: number,
): Float64Array {
  const taken = new Float64Array(columns.length * outputs);
  columns.forEach((j, c) => {
    const at = (offset + j) * outputs;
    taken.set(weights.subarray(at, at + outputs), c * outputs);
  });
  return taken;
}
