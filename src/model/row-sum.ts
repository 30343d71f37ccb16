// As in `scoreRows`, with functions of their own: V8 compiles a loop for the arrays that it met, and these meet one kind alone.

/**
 * The product of a row of one output, stored in `[from, to)`, with a table, in the order of sums of `scoreSparse`; NaN where an index
 * is beyond the table.
 */
export function sumOfRow(
  w: Float32Array,
  indices: Uint32Array,
  values: Float32Array | null,
  from: number,
  to: number,
): number {
  return values === null ? sumOnes(w, indices, from, to) : dot(w, indices, values, from, to);
}

function dot(w: Float32Array, indices: Uint32Array, x: Float32Array, from: number, to: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let p = from;
  for (; p + 4 <= to; p += 4) {
    a += x[p] * w[indices[p]];
    b += x[p + 1] * w[indices[p + 1]];
    c += x[p + 2] * w[indices[p + 2]];
    d += x[p + 3] * w[indices[p + 3]];
  }
  for (; p < to; p++) a += x[p] * w[indices[p]];
  return a + b + (c + d);
}

function sumOnes(w: Float32Array, indices: Uint32Array, from: number, to: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let p = from;
  for (; p + 4 <= to; p += 4) {
    a += w[indices[p]];
    b += w[indices[p + 1]];
    c += w[indices[p + 2]];
    d += w[indices[p + 3]];
  }
  for (; p < to; p++) a += w[indices[p]];
  return a + b + (c + d);
}
