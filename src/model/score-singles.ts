/**
 * The margin of one compressed row of one output, stored in `[from, to)`, the same bits as `scoreSparse` gives where every weight is a
 * 32-bit float: half the memory is half the cache, and rows of texts wait for nothing else. `values` are ones where `null`.
 */
export function scoreSingles(
  w: Float32Array,
  indices: Uint32Array,
  values: Float32Array | null,
  from: number,
  to: number,
): number {
  return values === null ? sumOnes(w, indices, from, to) : dot(w, indices, values, from, to);
}

/** The numbers as 32-bit floats, or `null` where one of them is none. */
export function singlesOf(weights: Float64Array): Float32Array | null {
  const singles = Float32Array.from(weights);
  return singles.every((w, j) => w === weights[j]) ? singles : null;
}

// Four sums, as in scoreSparse; of a type of array of its own, since code for both is slower than code for one.
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
