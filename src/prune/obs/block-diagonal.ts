import { DenseMatrix } from "../../matrix/dense";
import { type Matrix, SparseMatrix } from "../../matrix/sparse";
import { loadKernels } from "../../simd/load";
import type { Arena } from "../../simd/memory";
import { Design } from "../../train/design";
import type { Pace } from "../../train/pace";
import type { LocalProblem } from "./curvature";
import { invert } from "./invert";
import { withArena } from "./room";

/** Neighbouring columns of one output whose curvature is taken together. */
const block = 128;

/**
 * The diagonal of the inverse of a problem's Hessian, by place, as its blocks have it: each block holds up to 128
 * neighbouring columns of one output and its intercept, and what lies outside the blocks counts as zero. It is never above
 * the true diagonal.
 */
export async function blockDiagonal(local: LocalProblem, pace: Pace): Promise<Float64Array> {
  return await withArena((arena) => diagonalIn(local, arena, pace));
}

async function diagonalIn(local: LocalProblem, arena: Arena, pace: Pace): Promise<Float64Array> {
  const { design, loss, parameters, strengths } = local;
  const K = loss.outputs;
  const found = new Float64Array(parameters.length);
  const at = new Int32Array((design.columns + 1) * K).fill(-1);
  parameters.forEach((p, i) => {
    at[p] = i;
  });
  const size = Math.min(block, design.columns) + 1;
  const H = arena.floats(size * size);
  const panel = arena.floats(64 * (size + 4));
  const h = arena.floats(design.rows);
  const mark = arena.mark();
  for (let first = 0; first < design.columns; first += block) {
    const last = Math.min(first + block, design.columns);
    const columns = columnsOf(design, first, last);
    const part = Design.of(columns, design.labels, design.shares, loadKernels, arena);
    const n = last - first + 1;
    for (let k = 0; k < K; k++) {
      curvaturesOf(local, k, h);
      part.kernels.crossProduct(...part.matrix, h.byteOffset, H.fill(0).byteOffset, panel.byteOffset);
      const roots = new Float64Array(n).fill(1);
      for (let j = 0; j < n; j++) {
        const own = at[(j < n - 1 ? first + j : design.columns) * K + k];
        if (own >= 0) H[j * n + j] += strengths[own];
        if (H[j * n + j] > 0) roots[j] = Math.sqrt(H[j * n + j]);
      }
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) H[i * n + j] /= roots[i] * roots[j];
      // A ridge keeps dependent columns apart.
      for (let i = 0; i < n; i++) H[i * n + i] = 1 + 1e-8;
      const regular = (await invert(H, n, 1e-10, part.kernels, arena, pace)) === n;
      for (let j = 0; j < n - 1; j++) {
        const own = at[(first + j) * K + k];
        if (own >= 0) found[own] = (regular ? H[j * n + j] : 1) / roots[j] ** 2;
      }
    }
    arena.rewind(mark);
    await pace.rest();
  }
  return found;
}

function curvaturesOf({ loss }: LocalProblem, k: number, h: Float64Array): void {
  const curvature = loss.curvature();
  if (curvature.kind === "rows") {
    h.set(curvature.curvatures);
    return;
  }
  const { shares, probabilities } = curvature;
  const K = loss.outputs;
  for (let i = 0; i < h.length; i++) {
    const p = probabilities[i * K + k];
    h[i] = shares[i] * p * (1 - p);
  }
}

/** Columns from `first` up to `last`. */
function columnsOf(design: Design, first: number, last: number): Matrix {
  const { rows } = design;
  const [pointers, indices, values] = design.byColumns();
  const { buffer } = design.arena.memory;
  const width = last - first;
  if (pointers === 0) {
    const all = new Float32Array(buffer, values, design.columns * rows);
    const chosen = new Float32Array(rows * width);
    for (let j = 0; j < width; j++) {
      for (let i = 0; i < rows; i++) chosen[i * width + j] = all[(first + j) * rows + i];
    }
    return new DenseMatrix(rows, width, chosen);
  }
  const starts = new Uint32Array(buffer, pointers, design.columns + 1);
  const row = new Uint32Array(buffer, indices, design.nonzeros);
  const numbers = values === 0 ? null : new Float32Array(buffer, values, design.nonzeros);
  const own = new Uint32Array(rows + 1);
  for (let e = starts[first]; e < starts[last]; e++) own[row[e] + 1]++;
  for (let i = 0; i < rows; i++) own[i + 1] += own[i];
  const next = own.slice(0, rows);
  const columns = new Uint32Array(own[rows]);
  const kept = numbers === null ? null : new Float32Array(own[rows]);
  for (let j = first; j < last; j++) {
    for (let e = starts[j]; e < starts[j + 1]; e++) {
      const to = next[row[e]]++;
      columns[to] = j - first;
      if (kept !== null) kept[to] = numbers![e];
    }
  }
  return new SparseMatrix(rows, width, own, columns, kept);
}
