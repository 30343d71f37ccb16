import type { Pace } from "../../train/pace";
import type { LocalProblem } from "./curvature";

/** Multiplications of one call of a kernel, some 50 ms. */
const work = 1e8;

/**
 * The Hessian of a softmax without its penalty, sum_i s_i (x x' * (diag(p_i) - p_i p_i')), in the parameters of a problem's places
 * alone: the cross product of their columns times the probability of their class, taken from that of the columns of each class.
 * What of a table of columns and classes is not a place costs nothing, which pays where few of it are; columns times
 * probabilities are held in 32 bits.
 */
export async function classHessian(
  local: LocalProblem,
  probabilities: Float64Array,
  shares: Float64Array,
  out: Float64Array,
  pace: Pace,
): Promise<void> {
  const { design, loss, parameters } = local;
  const { rows, columns, arena } = design;
  const K = loss.outputs;
  const n = parameters.length;
  const column = Uint32Array.from(parameters, (p) => Math.floor(p / K));
  const own = Array.from({ length: K }, (_, k) =>
    Array.from(parameters.keys()).filter((i) => parameters[i] % K === k && column[i] < columns),
  );
  const constants = Array.from({ length: K }, (_, k) => parameters.indexOf(columns * K + k));
  const count = Math.max(1, Math.min(rows, Math.floor(work / ((n * n) / 2 + n))));
  const widest = Math.max(n, ...own.map((list) => list.length));
  const A = arena.singles(count * widest);
  const h = arena.floats(count);
  const panel = arena.floats(64 * (widest + 4));
  const crossed = arena.floats((n + 1) ** 2);
  const squares = own.map((list) => arena.floats((list.length + 1) ** 2));
  for (let from = 0; from < rows; from += count) {
    const X = block(local, from, Math.min(count, rows - from));
    const add = (list: ArrayLike<number>, scaled: boolean, H: Float64Array) => {
      const m = list.length;
      for (let i = 0; i < X.rows; i++) {
        for (let a = 0; a < m; a++) {
          const x = column[list[a]] === columns ? 1 : X.values[i * columns + column[list[a]]];
          A[i * m + a] = scaled ? x * probabilities[(from + i) * K + (parameters[list[a]] % K)] : x;
        }
      }
      const matrix = [0, 0, A.byteOffset, X.rows, m] as const;
      design.kernels.crossProduct(...matrix, h.byteOffset, H.byteOffset, panel.byteOffset);
    };
    for (let i = 0; i < X.rows; i++) h[i] = shares[from + i];
    add(
      parameters.map((_, i) => i),
      true,
      crossed,
    );
    for (let k = 0; k < K; k++) {
      for (let i = 0; i < X.rows; i++) h[i] = shares[from + i] * probabilities[(from + i) * K + k];
      add(own[k], false, squares[k]);
      await pace.rest();
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] = -crossed[i * (n + 1) + j];
  own.forEach((list, k) => {
    const m = list.length + 1;
    const all = constants[k] < 0 ? list : [...list, constants[k]];
    all.forEach((i, a) => {
      for (let b = 0; b <= a; b++)
        out[Math.max(i, all[b]) * n + Math.min(i, all[b])] += squares[k][a * m + b];
    });
  });
}

/** Some rows, dense. */
function block({ design }: LocalProblem, from: number, rows: number): { rows: number; values: Float32Array } {
  const { columns, arena } = design;
  const [pointers, indices, values] = design.matrix;
  const { buffer } = arena.memory;
  if (pointers === 0) {
    return { rows, values: new Float32Array(buffer, values + 4 * from * columns, rows * columns) };
  }
  const starts = new Uint32Array(buffer, pointers + 4 * from, rows + 1);
  const index = new Uint32Array(buffer, indices, design.nonzeros);
  const numbers = values === 0 ? null : new Float32Array(buffer, values, design.nonzeros);
  const filled = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) filled[i * columns + index[e]] = numbers?.[e] ?? 1;
  }
  return { rows, values: filled };
}
