import type { Dataset } from "../../src/matrix/dataset";
import { Design } from "../../src/train/design";
import type { CurvedLoss } from "../../src/train/losses/curved";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { SoftmaxLoss } from "../../src/train/losses/softmax";
import type { Monitor } from "../../src/train/monitor";
import type { CompositePenalty, Table } from "../../src/train/penalties/composite";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { sharesOf } from "../../src/train/shares";
import { type CompositeOutcome, proxNewton } from "../../src/train/solvers/prox-newton";

/** Neither stops nor watches. */
export const monitor: Monitor = { check() {}, report() {} };

/** Where a fit ended, and the gradient there. */
export interface Found {
  readonly outcome: CompositeOutcome;
  readonly w: Float64Array;
  readonly gradient: Float64Array;
  readonly penalty: CompositePenalty;
}

/** What solvers read of the rows. */
export function design(data: Dataset): Design {
  return Design.of(data.features, data.labels, sharesOf(data, null));
}

/** Logistic loss of one output, softmax of several. */
export function lossOf(design: Design, outputs: number): CurvedLoss {
  return outputs === 1 ? new LogisticLoss(design, 1) : new SoftmaxLoss(design, outputs);
}

/** Fits, and takes the gradient anew at the end. */
export function fit(
  data: Dataset,
  outputs: number,
  make: (table: Table) => CompositePenalty,
  { tolerance = 1e-8, free = true }: { readonly tolerance?: number; readonly free?: boolean } = {},
): Found {
  const own = design(data);
  const loss = lossOf(own, outputs);
  const w = own.parameters(outputs);
  const penalty = make({ columns: own.columns, outputs, scale: null, frozen: null });
  const stop = { tolerance, maxIterations: 500 };
  const outcome = proxNewton({ design: own, loss, penalty, freeIntercepts: free }, w, stop, monitor);
  const gradient = own.parameters(outputs);
  loss.gradient(w, gradient);
  return { outcome, w, gradient, penalty };
}

/** Strength and columns of the cases, and what some of them bound or weigh. */
export const lambda = 0.02;
export const d = 12;
export const box: { readonly lower: Float64Array; readonly upper: Float64Array } = {
  lower: new Float64Array(d).fill(-0.1),
  upper: Float64Array.from({ length: d }, (_, j) => (j % 3 === 0 ? 0 : 0.15)),
};
export const pairs: readonly number[] = Array.from({ length: d }, (_, j) => j >> 1);
export const factors: readonly number[] = Array.from({ length: d }, (_, j) => 0.5 + (j % 4));

/** A penalty of each kind. */
export const cases: Record<string, (table: Table) => CompositePenalty> = {
  l1: (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table),
  "the elastic net": (table) => new SeparablePenalty({ lambda, l1Ratio: 0.3 }, table),
  "the adaptive lasso": (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, factors),
  "l1 in a box": (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, null, box),
  "ridge in a box": (table) => new SeparablePenalty({ lambda, l1Ratio: 0 }, table, null, box),
  "nothing in a box": (table) => new SeparablePenalty({ lambda: 0, l1Ratio: 1 }, table, null, box),
  "groups over classes": (table) => new GroupPenalty({ lambda, l1Ratio: 1 }, table),
  "groups of columns": (table) => new GroupPenalty({ lambda, l1Ratio: 1 }, table, pairs, factors),
  "groups with a square": (table) => new GroupPenalty({ lambda, l1Ratio: 0.6 }, table, pairs),
};
