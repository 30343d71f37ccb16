import type { Kernels } from "../simd/kernels";
import type { MatrixArguments } from "../train/design";
import { extraOf, mixedDivergence, mixedRows, type SoftmaxRows } from "../train/losses/mixture";
import type { DualPoint, Operation, RowLoss } from "./aggregate";

/**
 * A block of rows where kernels reach it, with room for two numbers a row and output beside it: residuals and curvatures of the
 * logistic loss, or probabilities and a table.
 */
export interface RowBlock {
  readonly matrix: MatrixArguments;
  readonly rows: number;
  readonly labels: Uint32Array;
  /** Each row's share of the mean loss. */
  readonly shares: Float64Array;
  readonly kept: Float64Array;
}

/** The outputs of a loss: the numbers that a row has of it. */
export function outputsOf(loss: RowLoss): number {
  return loss.kind === "softmax" ? loss.classes : 1;
}

/** The kernel that adds a block's gradient and brings its rows to the parameters, and its arguments. */
export function gradientCall(
  loss: RowLoss,
  { matrix, labels, shares, kept, rows }: RowBlock,
  parameters: number,
  target: number,
  scratch: number,
): { readonly name: "softmaxGradient" | "logisticGradient"; readonly arguments: readonly number[] } {
  const [y, s, at] = [labels.byteOffset, shares.byteOffset, kept.byteOffset];
  if (loss.kind === "softmax") {
    const own = [...matrix, loss.classes, y, s, parameters, target, at, scratch];
    return { name: "softmaxGradient", arguments: own };
  }
  const own = [...matrix, y, loss.positive, s, parameters, target, at, at + 8 * rows];
  return { name: "logisticGradient", arguments: own };
}

/** Adds to the sums over the residuals of the logistic loss below and above zero. */
export function addSides(kernels: Kernels, { rows, shares, kept }: RowBlock, sides: Float64Array): void {
  const at = kept.byteOffset;
  kernels.logisticSides(rows, shares.byteOffset, at, at + 8 * rows, sides.byteOffset);
}

/** Adds the diagonal of the Hessian of rows that are at the parameters. */
export function addDiagonal(kernels: Kernels, loss: RowLoss, block: RowBlock, out: Float64Array): void {
  const K = outputsOf(loss);
  const table = secondHalf(block, K);
  if (loss.kind === "softmax") {
    for (let at = 0; at < table.length; at++) {
      const p = block.kept[at];
      table[at] = block.shares[Math.floor(at / K)] * p * (1 - p);
    }
  }
  kernels.transposeSquareTimes(...block.matrix, K, table.byteOffset, out.byteOffset);
}

/** The stored values of a block's rows, as JavaScript reads them. */
interface Entries {
  /** Where the values of each row begin, and the end of the last. */
  readonly starts: Uint32Array;
  readonly column: Uint32Array;
  /** `null` where each is 1. */
  readonly numbers: Float32Array | null;
  readonly columns: number;
}

function entriesOf({ matrix, rows, kept: { buffer } }: RowBlock): Entries {
  const [pointers, indices, values, , columns] = matrix;
  const starts = new Uint32Array(buffer, pointers, rows + 1);
  const column = new Uint32Array(buffer, indices, starts[rows]);
  const numbers = values === 0 ? null : new Float32Array(buffer, values, starts[rows]);
  return { starts, column, numbers, columns };
}

/** Adds the gradients of rows that are at the parameters, each without its sign. */
export function addAbsolutes(loss: RowLoss, block: RowBlock, out: Float64Array): void {
  const K = outputsOf(loss);
  const { rows, labels, shares, kept } = block;
  const { starts, column, numbers, columns } = entriesOf(block);
  const size = new Float64Array(K);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < K; k++) {
      const own = kept[i * K + k];
      size[k] = loss.kind === "softmax" ? shares[i] * Math.abs(own - Number(labels[i] === k)) : Math.abs(own);
      out[columns * K + k] += size[k];
    }
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const x = numbers === null ? 1 : Math.abs(numbers[e]);
      for (let k = 0; k < K; k++) out[column[e] * K + k] += x * size[k];
    }
  }
}

/**
 * Adds by how much the mean loss of rows that are at the parameters changes where one of these alone moves, which for a move by d in
 * the margin of probability p is log(1 + p (e^(x d) - 1)) - y x d a row, for one sigmoid and for softmax alike.
 * @param by how far each parameter moves
 */
export function addChanges(loss: RowLoss, block: RowBlock, by: Float64Array, out: Float64Array): void {
  const K = outputsOf(loss);
  const { rows, labels, shares, kept } = block;
  const { starts, column, numbers, columns } = entriesOf(block);
  for (let i = 0; i < rows; i++) {
    const share = shares[i];
    if (share === 0) continue;
    for (let k = 0; k < K; k++) {
      const y = Number(loss.kind === "softmax" ? labels[i] === k : labels[i] === loss.positive);
      const p = loss.kind === "softmax" ? kept[i * K + k] : y + kept[i] / share;
      const change = (shift: number) => share * (Math.log1p(p * Math.expm1(shift)) - y * shift);
      for (let e = starts[i]; e < starts[i + 1]; e++) {
        const at = column[e] * K + k;
        if (by[at] !== 0) out[at] += change(by[at] * (numbers === null ? 1 : numbers[e]));
      }
      const at = columns * K + k;
      if (by[at] !== 0) out[at] += change(by[at]);
    }
  }
}

/** How far each parameter moves, into `out`. */
export function movesOf(
  { parameters, by }: Extract<Operation, { kind: "changes" }>,
  out: Float64Array,
): Float64Array {
  out.fill(0);
  parameters.forEach((j, n) => {
    out[j] = by[n];
  });
  return out;
}

/** Adds X' times a dual point of rows that are at the parameters. */
export function addCorrelations(
  kernels: Kernels,
  loss: RowLoss,
  block: RowBlock,
  dual: DualPoint,
  out: Float64Array,
): void {
  if (dual.kind === "sides") {
    kernels.logisticCorrelate(...block.matrix, block.kept.byteOffset, dual.below, dual.above, out.byteOffset);
    return;
  }
  const K = outputsOf(loss);
  const table = secondHalf(block, K);
  const rows = softmaxRows(block, K);
  mixedRows(rows, extraOf(dual, rows), table);
  kernels.transposeTimes(...block.matrix, K, table.byteOffset, out.byteOffset);
}

/** The divergence of `factor` times a dual point from the margins of rows that are at the parameters. */
export function divergenceOf(
  kernels: Kernels,
  loss: RowLoss,
  block: RowBlock,
  dual: DualPoint,
  factor: number,
): number {
  if (dual.kind === "mixture") {
    const rows = softmaxRows(block, outputsOf(loss));
    return mixedDivergence(rows, extraOf(dual, rows), factor);
  }
  const { rows, shares, kept } = block;
  const at = kept.byteOffset;
  const sides = [factor * dual.below, factor * dual.above] as const;
  return kernels.logisticDivergence(rows, shares.byteOffset, at, at + 8 * rows, ...sides);
}

/** The curvatures of the rows of the logistic loss; for softmax, room for a table beside the probabilities. */
function secondHalf({ kept, rows }: RowBlock, outputs: number): Float64Array {
  return kept.subarray(rows * outputs, 2 * rows * outputs);
}

function softmaxRows({ rows, labels, shares, kept }: RowBlock, outputs: number): SoftmaxRows {
  return { rows, outputs, labels, shares, probabilities: kept.subarray(0, rows * outputs) };
}
