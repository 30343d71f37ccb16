import { rowLosses } from "../model/log-loss";
import { type Link, mostProbable } from "../model/scorer";

/** What a model says of rows that it was not fitted to. */
export interface HeldOut {
  /** The log-loss of each row. */
  readonly losses: Float64Array;
  /** The number of the class that each row is given. */
  readonly predicted: Uint32Array;
}

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
  return { losses: rowLosses(table, link, own), predicted: mostProbable(table, link) };
}

/** The view of all rows that were left out, fold after fold. */
export function joinHeldOut(parts: readonly HeldOut[]): HeldOut {
  const count = parts.reduce((sum, { losses }) => sum + losses.length, 0);
  const joined = { losses: new Float64Array(count), predicted: new Uint32Array(count) };
  let from = 0;
  for (const { losses, predicted } of parts) {
    joined.losses.set(losses, from);
    joined.predicted.set(predicted, from);
    from += losses.length;
  }
  return joined;
}
