import type { Dataset } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";

/** The mean of -ln p of each row's own class, weighted; p is kept above 1e-300. */
export function meanLogLoss(model: Scorer, data: Dataset): number {
  const { values, columns } = model.predictProba(data.features);
  let sum = 0;
  let total = 0;
  data.labels.forEach((label, i) => {
    const weight = data.weights?.[i] ?? 1;
    sum -= weight * Math.log(Math.max(values[i * columns + label], 1e-300));
    total += weight;
  });
  return sum / total;
}
