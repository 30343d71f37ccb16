import type { Label } from "../matrix/dataset";
import type { Scores } from "./scores";

/** The curve of true against false positive rates as the threshold falls; its corners only. */
export interface RocCurve {
  /** The class that counts as positive, against all others. */
  readonly positive: Label;
  /** From 0 to 1, ascending. */
  readonly falsePositiveRate: Float64Array;
  /** From 0 to 1, ascending; of the same length. */
  readonly truePositiveRate: Float64Array;
  /** The area under the curve: the chance that a positive scores above a negative, ties half. */
  readonly area: number;
}

/**
 * One curve for two classes (of the second), else one for each class against the rest. Classes without positives
 * or without negatives have no curve.
 */
export function rocCurvesOf(scores: Scores, classes: readonly Label[]): RocCurve[] {
  const first = classes.length === 2 ? 1 : 0;
  return classes.slice(first).flatMap((positive, at) => curveOf(scores, at + first, positive) ?? []);
}

/** The area under the curve, the unweighted mean over the curves; `NaN` where there is none. */
export function aucOf(curves: readonly RocCurve[]): number {
  return curves.reduce((sum, curve) => sum + curve.area, 0) / curves.length;
}

function curveOf(scores: Scores, k: number, positive: Label): RocCurve | undefined {
  const { truth, weights, rows } = scores;
  const score = scoreOf(scores, k);
  const order = Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => score[b] - score[a]);
  const corners: { x: number; y: number }[] = [{ x: 0, y: 0 }];
  let x = 0;
  let y = 0;
  let doubledArea = 0;
  for (let i = 0; i < rows; ) {
    const tie = score[order[i]];
    const [x0, y0] = [x, y];
    for (; i < rows && score[order[i]] === tie; i++) {
      if (truth[order[i]] === k) y += weights[order[i]];
      else x += weights[order[i]];
    }
    doubledArea += (x - x0) * (y + y0);
    push(corners, { x, y });
  }
  if (x === 0 || y === 0) return undefined;
  return {
    positive,
    falsePositiveRate: Float64Array.from(corners, (corner) => corner.x / x),
    truePositiveRate: Float64Array.from(corners, (corner) => corner.y / y),
    area: doubledArea / (2 * x * y),
  };
}

/** Margins for two classes, since probabilities near 0 and 1 would tie by rounding. */
function scoreOf({ classes, margins, probabilities, rows }: Scores, k: number): Float64Array {
  if (classes === 2 && margins.columns === 1) return margins.values;
  return Float64Array.from({ length: rows }, (_, i) => probabilities.values[i * classes + k]);
}

/** Adds a corner, and drops the one before it where that lies on a level or an upright stretch. */
function push(corners: { x: number; y: number }[], next: { x: number; y: number }): void {
  const [a, b] = corners.slice(-2);
  if (b !== undefined && ((a.x === b.x && b.x === next.x) || (a.y === b.y && b.y === next.y))) corners.pop();
  corners.push(next);
}
