import type { Dataset } from "../../matrix/dataset";
import { selectColumns } from "../../matrix/select";
import type { LinearParts } from "../../model/linear";
import { loadKernels } from "../../simd/load";
import type { Arena } from "../../simd/memory";
import { Design } from "../../train/design";
import { lossesOf } from "../../train/losses/by-link";
import type { CurvedLoss } from "../../train/losses/curved";
import type { Pace } from "../../train/pace";
import { L2Penalty } from "../../train/penalties/l2";
import { Problem } from "../../train/problem";
import { sharesOf } from "../../train/shares";
import { classHessian } from "./class-hessian";
import { addStrengths, type PlacedHessian, pinIntercepts } from "./hessian";

/** Multiplications of one call of a kernel, some 50 ms. */
const work = 1e8;
/** How many times fewer multiplications few places have to take than all columns do; compressed rows are slower each. */
const fewer = { dense: 3, compressed: 1 };

/**
 * The objective, mean log-loss plus lambda/2 ||w / scale||^2, around a model, in the weights that are not zero and the
 * intercepts where they are fitted: one problem, or one for each class where the link is `ovr`.
 */
export interface LocalProblem extends PlacedHessian {
  readonly design: Design;
  readonly loss: CurvedLoss;
  /** Loss and penalty over all parameters of the columns that are left, at the model's point. */
  readonly problem: Problem;
  /** The parameter of the problem that lies at each place. */
  readonly parameters: Uint32Array;
  readonly lambda: number;
  readonly strengths: Float64Array;
}

/**
 * The problems of a model.
 * @param data rows whose labels are numbered as the model's classes
 * @param alive 1 for each weight that takes part; the others count as zero. Default: those that are not zero
 */
export function localProblems(
  data: Dataset,
  given: LinearParts,
  lambda: number,
  arena: Arena,
  alive: Uint8Array = Uint8Array.from(given.weights, (w) => Number(w !== 0)),
): LocalProblem[] {
  const model = { ...given, alive };
  const { link, classes } = model;
  const shares = sharesOf(data, null);
  if (link === "binary") return [problemOf(data, shares, model, lambda, arena, 1, 0, 1)];
  const K = classes.length;
  if (link === "softmax") return [problemOf(data, shares, model, lambda, arena, K, 0, K)];
  return classes.map((_, k) => problemOf(data, shares, model, lambda, arena, K, k, 1));
}

interface Alive {
  readonly alive: Uint8Array;
}

function problemOf(
  data: Dataset,
  shares: Float64Array,
  { weights, alive, intercepts, link, scale, classes, fitIntercept = true }: LinearParts & Alive,
  lambda: number,
  arena: Arena,
  outputs: number,
  first: number,
  own: number,
): LocalProblem {
  const places: number[] = [];
  const parameters: number[] = [];
  const columns: number[] = [];
  for (let j = 0; j < data.columns; j++) {
    const before = places.length;
    for (let k = 0; k < own; k++) {
      const at = j * outputs + first + k;
      if (alive[at] === 0) continue;
      places.push(at);
      parameters.push(columns.length * own + k);
    }
    if (places.length > before) columns.push(j);
  }
  for (let k = 0; fitIntercept && k < own; k++) {
    places.push(weights.length + first + k);
    parameters.push(columns.length * own + k);
  }
  const chosen = Uint32Array.from(columns);
  const design = Design.of(selectColumns(data.features, chosen), data.labels, shares, loadKernels, arena);
  const loss = lossesOf(design, link, classes.length)[first]();
  const units = scale === null ? null : Float32Array.from(chosen, (j) => scale[j]);
  const penalty = new L2Penalty(lambda, columns.length, own, units);
  const frozen = new Uint8Array((columns.length + 1) * own).fill(1);
  for (const p of parameters) frozen[p] = 0;
  const problem = new Problem(design, loss, penalty, frozen.includes(1) ? frozen : null);
  const w = design.parameters(own);
  places.forEach((at, p) => {
    if (at < weights.length) w[parameters[p]] = weights[at];
  });
  w.set(intercepts.subarray(first, first + own), columns.length * own);
  problem.gradient(w, design.parameters(own));
  const strengths = Float64Array.from(parameters, (p) => {
    const column = Math.floor(p / own);
    if (column === columns.length) return 0;
    return units === null ? lambda : lambda / units[column] ** 2;
  });
  const found: Omit<LocalProblem, "form" | "local"> = {
    ...{ design, loss, problem, lambda, strengths, kernels: design.kernels },
    places: Uint32Array.from(places),
    parameters: Uint32Array.from(parameters),
  };
  const local: LocalProblem = {
    ...found,
    form: async (out, pace) => await formHessian(local, out, pace),
    get local() {
      return local;
    },
  };
  return local;
}

/**
 * Writes the Hessian of a problem in the parameters of its places to the lower triangle of `out`, row after row, in
 * calls that are short enough for others to be let in. Softmax does not see a shift of all intercepts: curvature along it
 * moves no weight and makes the Hessian regular.
 */
export async function formHessian(local: LocalProblem, out: Float64Array, pace: Pace): Promise<void> {
  const { design, loss, places, parameters } = local;
  const n = places.length;
  const K = loss.outputs;
  const size = design.columns + 1;
  const mark = design.arena.mark();
  const curvature = loss.curvature();
  const perRow = (design.nonzeros / design.rows) ** 2 / 2 + 1;
  const times = design.matrix[0] === 0 ? fewer.dense : fewer.compressed;
  if (curvature.kind === "classes" && times * n * n < perRow * K * (K + 1)) {
    await classHessian(local, curvature.probabilities, curvature.shares, out, pace);
    finishDiagonal(local, out);
    design.arena.rewind(mark);
    return;
  }
  const block = design.arena.floats(size * size);
  const panel = design.arena.floats(64 * (design.columns + 4));
  const h = design.arena.floats(design.rows);
  const index = new Int32Array(size * K).fill(-1);
  parameters.forEach((p, at) => {
    index[p] = at;
  });
  const rows = Math.max(1, Math.floor(work / perRow));
  out.fill(0);
  for (let k = 0; k < K; k++) {
    for (let l = 0; l <= k; l++) {
      if (curvature.kind === "rows") h.set(curvature.curvatures);
      else {
        const { shares, probabilities } = curvature;
        for (let i = 0; i < h.length; i++) {
          const p = probabilities[i * K + k];
          h[i] = shares[i] * p * (k === l ? 1 - p : -probabilities[i * K + l]);
        }
      }
      block.fill(0);
      for (let from = 0; from < design.rows; from += rows) {
        const part = design.rowsOf({ from, to: Math.min(from + rows, design.rows) });
        design.kernels.crossProduct(...part, h.byteOffset + 8 * from, block.byteOffset, panel.byteOffset);
        await pace.rest();
      }
      scatter(block, size, index, K, k, l, n, out);
    }
  }
  finishDiagonal(local, out);
  design.arena.rewind(mark);
}

function finishDiagonal({ design, loss, parameters, strengths }: LocalProblem, out: Float64Array): void {
  const n = strengths.length;
  addStrengths(out, strengths);
  const K = loss.outputs;
  if (K > 1 && parameters[n - 1] >= design.columns * K) pinIntercepts(out, n, K);
}

function scatter(
  block: Float64Array,
  size: number,
  index: Int32Array,
  K: number,
  k: number,
  l: number,
  n: number,
  out: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const own = index[i * K + k];
    const other = index[i * K + l];
    for (let j = 0; j <= i; j++) {
      const value = block[i * size + j];
      const left = index[j * K + l];
      if (own >= 0 && left >= 0) out[own * n + left] += value;
      if (j === i || l === k) continue;
      const right = index[j * K + k];
      if (other >= 0 && right >= 0) out[other * n + right] += value;
    }
  }
}
