import type { Kernels } from "./kernels";
import { abandon } from "./scalar/abandon";
import { addParts } from "./scalar/add-parts";
import { aheadResiduals, squareDivergence } from "./scalar/ahead-residuals";
import { areFinite } from "./scalar/are-finite";
import { axpy } from "./scalar/axpy";
import { backwardSolve } from "./scalar/backward-solve";
import { backwardBlocks, eliminateBlocks, forwardBlocks } from "./scalar/bordered-blocks";
import { borderedGram } from "./scalar/bordered-gram";
import { cholesky, choleskyCorner, choleskyRows } from "./scalar/cholesky";
import { choleskySolve } from "./scalar/cholesky-solve";
import { classMargins } from "./scalar/class-margins";
import { classSlopes } from "./scalar/class-slopes";
import { countColumns } from "./scalar/count-columns";
import { crossProduct } from "./scalar/cross-product";
import { descendGram } from "./scalar/descend-gram";
import { descendLogistic } from "./scalar/descend-logistic";
import { descendSoftmax } from "./scalar/descend-softmax";
import { descendSymbols } from "./scalar/descend-symbols";
import { dot } from "./scalar/dot";
import { downdate } from "./scalar/downdate";
import { dualAscent } from "./scalar/dual-ascent";
import { eliminate } from "./scalar/eliminate";
import { forwardSolve } from "./scalar/forward-solve";
import { gram } from "./scalar/gram";
import { halfwayCurvatures } from "./scalar/halfway-curvatures";
import { halveRows } from "./scalar/halve-rows";
import { type Heap, heapOf } from "./scalar/heap";
import { leapGram } from "./scalar/leap-gram";
import { logisticCorrelate } from "./scalar/logistic-correlate";
import { logisticDivergence } from "./scalar/logistic-divergence";
import { logisticGap } from "./scalar/logistic-gap";
import { logisticGradient } from "./scalar/logistic-gradient";
import { logisticProduct } from "./scalar/logistic-product";
import { logisticSides } from "./scalar/logistic-sides";
import { logisticTrial } from "./scalar/logistic-trial";
import { meetColumns } from "./scalar/meet-columns";
import { mergeRows } from "./scalar/merge-rows";
import { partAxpy } from "./scalar/part-axpy";
import { partDots } from "./scalar/part-dots";
import { partSquares } from "./scalar/part-squares";
import { partTurn } from "./scalar/part-turn";
import { quasiStep } from "./scalar/quasi-step";
import { renumber } from "./scalar/renumber";
import { roughGradient } from "./scalar/rough-gradient";
import { roughProduct } from "./scalar/rough-product";
import { markBorders, rowAcross, rowBlocks } from "./scalar/row-blocks";
import { collectGroups, numberGroups, selectRows, splitGroups, spreadGroups } from "./scalar/row-groups";
import { scaledCholesky } from "./scalar/scaled-cholesky";
import { score } from "./scalar/score";
import { screenColumns } from "./scalar/screen-columns";
import { selectColumns } from "./scalar/select-columns";
import { sigmoidsAscent } from "./scalar/sigmoids-ascent";
import { sigmoidsGradient } from "./scalar/sigmoids-gradient";
import { sigmoidsProduct } from "./scalar/sigmoids-product";
import { softmaxGradient } from "./scalar/softmax-gradient";
import { softmaxProduct } from "./scalar/softmax-product";
import { takeColumns } from "./scalar/take-columns";
import { tiltResiduals } from "./scalar/tilt-residuals";
import { times } from "./scalar/times";
import { transpose } from "./scalar/transpose";
import { transposeHalf } from "./scalar/transpose-half";
import { transposeSquareTimes } from "./scalar/transpose-square-times";
import { transposeTimes } from "./scalar/transpose-times";
import type { WasmMemory } from "./webassembly";

/** A scalar twin: the kernel's signature after the views of the memory. */
type Twin<F extends (...args: never[]) => unknown> = (heap: Heap, ...args: Parameters<F>) => ReturnType<F>;

/** Every kernel: its scalar twin and how many values its widest loop takes at a time. */
export const registry: {
  readonly [K in keyof Kernels]: { readonly scalar: Twin<Kernels[K]>; readonly tile: number };
} = {
  dot: { scalar: dot, tile: 4 },
  addParts: { scalar: addParts, tile: 2 },
  areFinite: { scalar: areFinite, tile: 8 },
  axpy: { scalar: axpy, tile: 2 },
  tiltResiduals: { scalar: tiltResiduals, tile: 1 },
  times: { scalar: times, tile: 8 },
  score: { scalar: score, tile: 10 },
  transposeTimes: { scalar: transposeTimes, tile: 4 },
  transposeHalf: { scalar: transposeHalf, tile: 4 },
  transposeSquareTimes: { scalar: transposeSquareTimes, tile: 1 },
  transpose: { scalar: transpose, tile: 1 },
  logisticGradient: { scalar: logisticGradient, tile: 4 },
  roughGradient: { scalar: roughGradient, tile: 4 },
  logisticProduct: { scalar: logisticProduct, tile: 4 },
  dualAscent: { scalar: dualAscent, tile: 4 },
  abandon: { scalar: abandon, tile: 1 },
  mergeRows: { scalar: mergeRows, tile: 1 },
  partAxpy: { scalar: partAxpy, tile: 2 },
  partDots: { scalar: partDots, tile: 4 },
  partSquares: { scalar: partSquares, tile: 4 },
  partTurn: { scalar: partTurn, tile: 2 },
  sigmoidsAscent: { scalar: sigmoidsAscent, tile: 8 },
  sigmoidsGradient: { scalar: sigmoidsGradient, tile: 8 },
  sigmoidsProduct: { scalar: sigmoidsProduct, tile: 8 },
  softmaxGradient: { scalar: softmaxGradient, tile: 8 },
  softmaxProduct: { scalar: softmaxProduct, tile: 8 },
  crossProduct: { scalar: crossProduct, tile: 4 },
  roughProduct: { scalar: roughProduct, tile: 8 },
  cholesky: { scalar: cholesky, tile: 4 },
  choleskyCorner: { scalar: choleskyCorner, tile: 4 },
  choleskyRows: { scalar: choleskyRows, tile: 4 },
  scaledCholesky: { scalar: scaledCholesky, tile: 4 },
  quasiStep: { scalar: quasiStep, tile: 4 },
  logisticGap: { scalar: logisticGap, tile: 4 },
  logisticTrial: { scalar: logisticTrial, tile: 4 },
  choleskySolve: { scalar: choleskySolve, tile: 4 },
  downdate: { scalar: downdate, tile: 4 },
  forwardSolve: { scalar: forwardSolve, tile: 2 },
  backwardSolve: { scalar: backwardSolve, tile: 2 },
  rowAcross: { scalar: rowAcross, tile: 1 },
  markBorders: { scalar: markBorders, tile: 1 },
  rowBlocks: { scalar: rowBlocks, tile: 1 },
  borderedGram: { scalar: borderedGram, tile: 1 },
  eliminate: { scalar: eliminate, tile: 4 },
  eliminateBlocks: { scalar: eliminateBlocks, tile: 4 },
  forwardBlocks: { scalar: forwardBlocks, tile: 2 },
  backwardBlocks: { scalar: backwardBlocks, tile: 4 },
  meetColumns: { scalar: meetColumns, tile: 1 },
  halveRows: { scalar: halveRows, tile: 1 },
  renumber: { scalar: renumber, tile: 1 },
  countColumns: { scalar: countColumns, tile: 1 },
  descendGram: { scalar: descendGram, tile: 4 },
  leapGram: { scalar: leapGram, tile: 4 },
  descendLogistic: { scalar: descendLogistic, tile: 4 },
  descendSoftmax: { scalar: descendSoftmax, tile: 1 },
  descendSymbols: { scalar: descendSymbols, tile: 1 },
  gram: { scalar: gram, tile: 1 },
  classMargins: { scalar: classMargins, tile: 4 },
  classSlopes: { scalar: classSlopes, tile: 4 },
  logisticCorrelate: { scalar: logisticCorrelate, tile: 4 },
  logisticDivergence: { scalar: logisticDivergence, tile: 1 },
  aheadResiduals: { scalar: aheadResiduals, tile: 4 },
  squareDivergence: { scalar: squareDivergence, tile: 1 },
  logisticSides: { scalar: logisticSides, tile: 1 },
  halfwayCurvatures: { scalar: halfwayCurvatures, tile: 1 },
  screenColumns: { scalar: screenColumns, tile: 4 },
  splitGroups: { scalar: splitGroups, tile: 1 },
  numberGroups: { scalar: numberGroups, tile: 1 },
  selectRows: { scalar: selectRows, tile: 1 },
  collectGroups: { scalar: collectGroups, tile: 1 },
  spreadGroups: { scalar: spreadGroups, tile: 1 },
  takeColumns: { scalar: takeColumns, tile: 1 },
  selectColumns: { scalar: selectColumns, tile: 1 },
};

/** The scalar twins over a memory, for checks and where WebAssembly is not at hand. */
export function scalarKernels(memory: WasmMemory): Kernels {
  const bound = Object.entries(registry).map(([name, { scalar }]) => [
    name,
    (...args: number[]) => (scalar as (heap: Heap, ...args: number[]) => unknown)(heapOf(memory), ...args),
  ]);
  return Object.fromEntries(bound) as unknown as Kernels;
}
