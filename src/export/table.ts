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

/** All entries of a table, those that are not in `ids` zero. */
export function scattered(
  weights: Float64Array,
  ids: Uint32Array,
  entries: number,
  outputs: number,
): Float64Array {
  const all = new Float64Array(entries * outputs);
  ids.forEach((j, i) => {
    all.set(weights.subarray(i * outputs, (i + 1) * outputs), j * outputs);
  });
  return all;
}
