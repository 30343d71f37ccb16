import { softplus } from "../base/sigmoid";
import type { Dataset } from "../matrix/dataset";
import { alignedTo } from "./align";
import type { Link, Scorer, Table } from "./scorer";

/** -log of the probability of each row's own class; finite, since it is taken from the margins and not clipped. */
export function rowLosses({ columns, values }: Table, link: Link, labels: Uint32Array): Float64Array {
  return Float64Array.from(labels, (own, i) => {
    if (link === "binary") return softplus(own === 1 ? -values[i] : values[i]);
    const logits = values.subarray(i * columns, (i + 1) * columns);
    const logs = link === "softmax" ? logits : logits.map((margin) => -softplus(-margin));
    return logSumExp(logs) - logs[own];
  });
}

/** The mean of {@link rowLosses} by row weight. @throws `width-mismatch`, `invalid-label` */
export function meanLogLoss(model: Scorer, data: Dataset): number {
  const { features, labels, weights } = alignedTo(model, data);
  let sum = 0;
  let total = 0;
  rowLosses(model.margins(features), model.link, labels).forEach((loss, i) => {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * loss;
    total += weight;
  });
  return sum / total;
}

function logSumExp(values: Float64Array): number {
  const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return top + Math.log(values.reduce((sum, v) => sum + Math.exp(v - top), 0));
}
