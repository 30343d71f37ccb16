import { checkLength } from "../base/check";
import { shownAs } from "../base/display";
import type { Dataset } from "../matrix/dataset";
import { alignedTo } from "../model/align";
import { checkModel } from "../model/check-model";
import { checkWidth, type Scorer } from "../model/scorer";
import { storedBytes } from "../pack/stored";
import { entropyBits } from "../quantize/codes";
import type { QuantizeLoss } from "../quantize/quantized";
import { lossBetween } from "../quantize/report";
import { operationsOf } from "./cost";

/** What is counted of a model. */
export interface ModelCount {
  /** `trained`, `pruned`, `quantized` or `packed`. */
  readonly stage: string;
  /** The bytes of plain storage; see `storedBytes`. Of a packed model the size of its file. */
  readonly bytes: number;
  /** How many weights are not zero. */
  readonly nonzeros: number;
  /** Stored bits for each weight that is not zero. */
  readonly bitsPerWeight: number;
  /** The entropy of the values of the weights that are not zero: what an ideal coder of single values needs for one. */
  readonly entropyBits: number;
  /** Multiplications of one prediction, the mean over the rows; `NaN` without rows. */
  readonly operations: number;
}

/** What one step, or several, did to a model. */
export class StepReport {
  constructor(
    /** The model before. */
    readonly before: ModelCount,
    /** The model after. */
    readonly after: ModelCount,
    /** The sum over weights of the squared difference, in their own units. */
    readonly squaredError: number,
    /** The largest difference of a weight. */
    readonly largestError: number,
    /** Weights that were nonzero and are zero now. */
    readonly removed: number,
    /** What rows say: the mean log-loss before and after, and how many are given another class; `null` without rows. */
    readonly loss: QuantizeLoss | null,
  ) {}
}

shownAs("step", StepReport);

/**
 * What became of a model on its way from `before` to `after`: bytes, nonzeros, bits a weight, entropy, the error of the weights,
 * and on rows log-loss and changed labels. The same for every step, so that steps compare.
 * @throws `width-mismatch`, `length-mismatch` where they are of other features or outputs; `invalid-label` where `data` have a class that is unknown
 */
export function stepReport(before: Scorer, after: Scorer, data?: Dataset): StepReport {
  checkModel(before, "model before the step");
  checkModel(after, "model after the step");
  const rows = data === undefined ? null : alignedTo(before, data);
  if (rows !== null) checkWidth(after, rows.features);
  const [from, to] = [before.weights, after.weights];
  checkLength(to.length, from.length, "weights after the step");
  let squared = 0;
  let largest = 0;
  let removed = 0;
  from.forEach((w, at) => {
    const error = Math.abs(w - to[at]);
    squared += error * error;
    largest = Math.max(largest, error);
    if (w !== 0 && to[at] === 0) removed++;
  });
  return new StepReport(
    countOf(before, rows),
    countOf(after, rows),
    squared,
    largest,
    removed,
    rows === null ? null : lossBetween(before, after, rows),
  );
}

function countOf(model: Scorer, rows: Dataset | null): ModelCount {
  const { stage, nonzeros } = model;
  const bytes = storedBytes(model);
  const counts = new Map<number, number>();
  for (const w of model.weights) if (w !== 0) counts.set(w, (counts.get(w) ?? 0) + 1);
  return {
    stage,
    bytes,
    nonzeros,
    bitsPerWeight: (8 * bytes) / nonzeros,
    entropyBits: entropyBits([...counts.values()]),
    operations: rows === null ? Number.NaN : operationsOf(model, rows),
  };
}
