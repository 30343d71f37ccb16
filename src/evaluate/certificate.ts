import type { Dataset } from "../matrix/dataset";
import type { Matrix } from "../matrix/sparse";
import type { Scorer } from "../model/scorer";
import type { Scores } from "./scores";

/** Room for the rounding of sums, as a share of them. */
const slack = 1e-9;

/**
 * The number of rows whose class could change if each weight and intercept of `first` moved as far as in `second`, in either
 * direction. A row is certain where its margin is farther from the next class than the sum of |x| |dw| and |db| reaches;
 * so it keeps its class whatever the signs of the rounding errors, and also in any model between the two.
 */
export function changeableRows(first: Scorer, second: Scorer, data: Dataset, scores: Scores): number {
  const reach = reachOf(first, second, data.features);
  const { outputs } = first;
  const { values } = scores.margins;
  let count = 0;
  for (let i = 0; i < scores.rows; i++) {
    const at = i * outputs;
    count += Number(
      outputs === 1 ? canCross(values[i], reach[i], first, second) : canFall(values, reach, at, outputs),
    );
  }
  return count;
}

/** How far the margin of each row and output can move. */
function reachOf(first: Scorer, second: Scorer, features: Matrix): Float64Array {
  const { outputs, weights, intercepts } = first;
  const moved = weights.map((w, at) => Math.abs(second.weights[at] - w));
  const reach = new Float64Array(features.rows * outputs);
  for (let i = 0; i < features.rows; i++) {
    for (let k = 0; k < outputs; k++) reach[i * outputs + k] = Math.abs(second.intercepts[k] - intercepts[k]);
  }
  const add = (i: number, j: number, x: number) => {
    for (let k = 0; k < outputs; k++) reach[i * outputs + k] += Math.abs(x) * moved[j * outputs + k];
  };
  for (let i = 0; i < features.rows; i++) {
    if (features.kind === "dense") {
      for (let j = 0; j < features.columns; j++) add(i, j, features.values[i * features.columns + j]);
    } else {
      for (let p = features.pointers[i]; p < features.pointers[i + 1]; p++) {
        add(i, features.indices[p], features.values === null ? 1 : features.values[p]);
      }
    }
  }
  return reach;
}

function canCross(margin: number, reach: number, first: Scorer, second: Scorer): boolean {
  const [before, after] = [logit(first.threshold), logit(second.threshold)];
  const room = slack * (Math.abs(margin) + reach);
  return margin > before ? margin - reach <= after + room : margin + reach > after - room;
}

function canFall(margins: Float64Array, reach: Float64Array, at: number, outputs: number): boolean {
  let top = 0;
  for (let k = 1; k < outputs; k++) if (margins[at + k] > margins[at + top]) top = k;
  for (let k = 0; k < outputs; k++) {
    if (k === top) continue;
    const gap = margins[at + top] - margins[at + k];
    const far = reach[at + top] + reach[at + k];
    if (gap <= far + slack * (gap + far) && !(far === 0 && gap >= 0)) return true;
  }
  return false;
}

function logit(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}
