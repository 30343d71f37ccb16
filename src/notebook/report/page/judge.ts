import { floats, halves, numbers, singles } from "./base64";
import { type PageModel, predictRow } from "./model";
import type { PagePayload } from "./payload";

/** The rows of a page, ready to be scored. */
interface KnownRows {
  /** The features of each row. */
  readonly rows: readonly (readonly (readonly [number, number])[])[];
  /** The number of each row's class. */
  readonly labels: Uint16Array;
  /** The weight of each row. */
  readonly weights: Float64Array;
}

/** How a model does on the rows of a page. */
interface Judgement {
  /** The share of rows whose class was predicted, by their weights. */
  readonly accuracy: number;
  /** The mean of -log(probability of the true class), natural logarithm. */
  readonly logLoss: number;
  /** Sums of row weights: truth by row, prediction by column. */
  readonly confusion: Float64Array;
}

/** The rows that a page carries. */
export function readRows({
  rows: { count, lengths, places, values, labels, weights },
  columns,
}: PagePayload): KnownRows {
  const kept = numbers(columns);
  const sizes = numbers(lengths);
  const at = kept.length <= 2 ** 16 ? halves(places) : numbers(places);
  const x = values === null ? null : singles(values);
  let next = 0;
  const rows = Array.from(sizes, (size) => {
    const from = next;
    next += size;
    return Array.from(
      { length: size },
      (_, i) => [kept[at[from + i]], x === null ? 1 : x[from + i]] as const,
    );
  });
  return {
    rows,
    labels: halves(labels),
    weights: weights === null ? new Float64Array(count).fill(1) : floats(weights),
  };
}

/** Scores every row of a page. */
export function judge(model: PageModel, { rows, labels, weights }: KnownRows, classes: number): Judgement {
  const confusion = new Float64Array(classes ** 2);
  let right = 0;
  let loss = 0;
  let total = 0;
  rows.forEach((row, i) => {
    const { probabilities, margins, label } = predictRow(model, row);
    const own = labels[i];
    const weight = weights[i];
    confusion[own * classes + label] += weight;
    total += weight;
    if (label === own) right += weight;
    loss += weight * lossOf(model, margins, probabilities, own);
  });
  return { accuracy: right / total, logLoss: loss / total, confusion };
}

/** From the margins where that is what keeps it finite. */
function lossOf(
  { link }: PageModel,
  margins: Float64Array,
  probabilities: Float64Array,
  own: number,
): number {
  if (link === "binary") {
    const against = own === 1 ? -margins[0] : margins[0];
    return against > 0 ? against + Math.log1p(Math.exp(-against)) : Math.log1p(Math.exp(against));
  }
  if (link === "softmax") {
    const top = Math.max(...margins);
    return top - margins[own] + Math.log(margins.reduce((sum, m) => sum + Math.exp(m - top), 0));
  }
  return -Math.log(Math.max(probabilities[own], Number.MIN_VALUE));
}
