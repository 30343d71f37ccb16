import { fail } from "../base/errors";
import { softplus } from "../base/sigmoid";
import type { Dataset } from "../matrix/dataset";
import { probabilities, type Scorer, type Table } from "../model/scorer";

/** What a model says of each row, beside what is true: all that the metrics need. */
export interface Scores {
  readonly rows: number;
  readonly classes: number;
  /** The true class of each row, by its number in the model's classes. */
  readonly truth: Uint32Array;
  /** The most probable class of each row, the first of equals. */
  readonly predicted: Uint32Array;
  readonly margins: Table;
  /** Rows x classes. */
  readonly probabilities: Table;
  /** -log of the probability of the true class; finite, since it is taken from the margins. */
  readonly losses: Float64Array;
  /** The weight of each row. */
  readonly weights: Float64Array;
}

/**
 * Scores every row of `data`.
 * @throws `width-mismatch` for features of another number; `invalid-label` for a label that the model doesn't know
 */
export function scoresOf(model: Scorer, data: Dataset): Scores {
  const margins = model.margins(data.features);
  const { rows } = margins;
  const classes = model.classes.length;
  const truth = truthOf(model, data);
  const chances = probabilities(margins, model.link, classes);
  return {
    rows,
    classes,
    truth,
    predicted: predictedOf(margins, model),
    margins,
    probabilities: chances,
    losses: Float64Array.from(truth, (k, i) => lossOf(margins, model.link, i, k)),
    weights: data.weights ?? new Float64Array(rows).fill(1),
  };
}

function truthOf(model: Scorer, data: Dataset): Uint32Array {
  const numbers = data.classes.map((label) => model.classes.indexOf(label));
  return Uint32Array.from(data.labels, (k, i) => {
    if (numbers[k] >= 0) return numbers[k];
    return fail("invalid-label", {
      thing: `label of row ${i}`,
      value: data.classes[k],
      expected: `a class of the model: ${model.classes.slice(0, 12).map(String).join(", ")}`,
    });
  });
}

function predictedOf({ rows, columns, values }: Table, model: Scorer): Uint32Array {
  if (model.link === "binary") return Uint32Array.from(values, (margin) => (margin > 0 ? 1 : 0));
  return Uint32Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let k = 1; k < columns; k++) {
      if (values[i * columns + k] > values[i * columns + best]) best = k;
    }
    return best;
  });
}

function lossOf({ columns, values }: Table, link: Scorer["link"], row: number, truth: number): number {
  if (link === "binary") return softplus(truth === 1 ? -values[row] : values[row]);
  const logits = values.subarray(row * columns, (row + 1) * columns);
  const logs = link === "softmax" ? logits : logits.map((margin) => -softplus(-margin));
  return logSumExp(logs) - logs[truth];
}

function logSumExp(values: Float64Array): number {
  const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return top + Math.log(values.reduce((sum, v) => sum + Math.exp(v - top), 0));
}
