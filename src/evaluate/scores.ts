import type { Dataset } from "../matrix/dataset";
import { alignedTo } from "../model/align";
import { rowLosses } from "../model/log-loss";
import { probabilities, type Scorer, type Table } from "../model/scorer";

/** What a model says of each row, beside what is true: all that the metrics need. */
export interface Scores {
  readonly rows: number;
  readonly classes: number;
  /** The true class of each row, by its number in the model's classes. */
  readonly truth: Uint32Array;
  /** The class that the model gives each row: the most probable one, the first of equals, or by its threshold. */
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
  const { features, labels: truth, rows, weights } = alignedTo(model, data);
  const { link } = model;
  const margins = model.margins(features);
  const classes = model.classes.length;
  return {
    rows,
    classes,
    truth,
    predicted: model.decide(margins),
    margins,
    probabilities: probabilities(margins, link, classes),
    losses: rowLosses(margins, link, truth),
    weights: weights ?? new Float64Array(rows).fill(1),
  };
}
