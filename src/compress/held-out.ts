import { sigmoid } from "../base/sigmoid";
import { rowLosses } from "../model/log-loss";
import { type Link, mostProbable, probabilities, type Table } from "../model/scorer";

/** What a model says of rows that it was not fitted to. */
export interface HeldOut {
  /** The log-loss of each row. */
  readonly losses: Float64Array;
  /** The number of the class that each row is given. */
  readonly predicted: Uint32Array;
  /**
   * How far each row counts as given its own class: 1 / (1 + exp(-lead / 0.1)), the lead of this class's probability over the largest of
   * the others. Rows that are all but level count half either way, so that the mean varies less than that of the rows that are right
   * (smoothed counting of errors: Glick, 1978; Snapinn and Knoke, 1985).
   */
  readonly smoothed: Float64Array;
}

/** The lead in units of which a row counts. */
const blur = 0.1;

/** Judges rows by the margins of all rows. @param rows the numbers of those to judge */
export function heldOutOf(
  margins: Float64Array,
  outputs: number,
  link: Link,
  labels: Uint32Array,
  rows: Uint32Array,
): HeldOut {
  const values = new Float64Array(rows.length * outputs);
  rows.forEach((row, i) => {
    values.set(margins.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  });
  const table = { rows: rows.length, columns: outputs, values };
  const own = rows.map((row) => labels[row]);
  return {
    losses: rowLosses(table, link, own),
    predicted: mostProbable(table, link),
    smoothed: smoothedOf(table, link, own),
  };
}

function smoothedOf(table: Table, link: Link, labels: Uint32Array): Float64Array {
  const classes = link === "binary" ? 2 : table.columns;
  const { values } = probabilities(table, link, classes);
  return Float64Array.from(labels, (own, i) => {
    let other = 0;
    for (let k = 0; k < classes; k++) if (k !== own) other = Math.max(other, values[i * classes + k]);
    return sigmoid((values[i * classes + own] - other) / blur);
  });
}

/** What is said of the first rows alone. */
export function firstOf({ losses, predicted, smoothed }: HeldOut, count: number): HeldOut {
  return {
    losses: losses.subarray(0, count),
    predicted: predicted.subarray(0, count),
    smoothed: smoothed.subarray(0, count),
  };
}

/** The view of all rows that were left out, fold after fold. */
export function joinHeldOut(parts: readonly HeldOut[]): HeldOut {
  const count = parts.reduce((sum, { losses }) => sum + losses.length, 0);
  const joined = {
    losses: new Float64Array(count),
    predicted: new Uint32Array(count),
    smoothed: new Float64Array(count),
  };
  let from = 0;
  for (const { losses, predicted, smoothed } of parts) {
    joined.losses.set(losses, from);
    joined.predicted.set(predicted, from);
    joined.smoothed.set(smoothed, from);
    from += losses.length;
  }
  return joined;
}
