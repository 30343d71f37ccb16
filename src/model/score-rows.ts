import type { Matrix } from "../matrix/sparse";

/** What margins are computed from; see `Scorer` for the layout. */
export interface MarginParts {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly outputs: number;
}

/** The margins of each row, in the order of sums of the kernel `score`, so that both give the same bits. */
export function scoreRows(parts: MarginParts, features: Matrix): Float64Array {
  const { outputs } = parts;
  const { rows, columns, values } = features;
  const margins = new Float64Array(rows * outputs);
  for (let i = 0; i < rows; i++) {
    const at = i * outputs;
    if (features.kind === "dense") scoreDense(parts, features.values, i * columns, columns, margins, at);
    else {
      const { pointers, indices } = features;
      scoreSparse(parts, indices, values, pointers[i], pointers[i + 1], margins, at);
    }
  }
  return margins;
}

function scoreDense(
  { weights, intercepts, outputs }: MarginParts,
  x: Float32Array,
  from: number,
  columns: number,
  margins: Float64Array,
  at: number,
): void {
  if (outputs === 1) {
    let [a, b, c, d] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      a += x[from + j] * weights[j];
      b += x[from + j + 1] * weights[j + 1];
      c += x[from + j + 2] * weights[j + 2];
      d += x[from + j + 3] * weights[j + 3];
    }
    let sum = a + c + (b + d);
    for (; j < columns; j++) sum += x[from + j] * weights[j];
    margins[at] = sum + intercepts[0];
    return;
  }
  for (let k = 0; k < outputs; k++) margins[at + k] = intercepts[k];
  for (let j = 0; j < columns; j++) {
    const value = x[from + j];
    if (value === 0) continue;
    for (let k = 0; k < outputs; k++) margins[at + k] += value * weights[j * outputs + k];
  }
}

/** Writes the margins of one compressed row, stored in `[from, to)`; `values` are ones where `null`. */
function scoreSparse(
  { weights, intercepts, outputs }: MarginParts,
  indices: Uint32Array,
  values: Float32Array | null,
  from: number,
  to: number,
  margins: Float64Array,
  at: number,
): void {
  if (outputs === 1) {
    const sum =
      values === null ? sumOnes(weights, indices, from, to) : dot(weights, indices, values, from, to);
    margins[at] = sum + intercepts[0];
    return;
  }
  for (let k = 0; k < outputs; k++) margins[at + k] = intercepts[k];
  for (let p = from; p < to; p++) {
    const value = values === null ? 1 : values[p];
    const start = indices[p] * outputs;
    for (let k = 0; k < outputs; k++) margins[at + k] += value * weights[start + k];
  }
}

// Four sums: one alone would wait for each addition before it begins the next.
function dot(w: Float64Array, indices: Uint32Array, x: Float32Array, from: number, to: number): number {
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

function sumOnes(w: Float64Array, indices: Uint32Array, from: number, to: number): number {
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
