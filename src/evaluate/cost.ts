import type { Dataset } from "../matrix/dataset";
import type { Scorer } from "../model/scorer";

/**
 * The multiplications that one prediction needs, the mean over the rows of `data`: pairs of a nonzero feature and a
 * nonzero weight.
 */
export function operationsOf(model: Scorer, { features }: Dataset): number {
  const { weights, outputs } = model;
  const used = new Uint32Array(model.features);
  weights.forEach((w, at) => {
    if (w !== 0) used[Math.floor(at / outputs)]++;
  });
  let count = 0;
  if (features.kind === "dense") {
    features.values.forEach((x, at) => {
      if (x !== 0) count += used[at % features.columns];
    });
  } else {
    features.indices.forEach((j, at) => {
      if (features.values === null || features.values[at] !== 0) count += used[j];
    });
  }
  return count / features.rows;
}

/**
 * Microseconds of one prediction in process, a row at a time: the median over rounds of 16 rows each, drawn evenly
 * from `data`, after a warm-up. `NaN` for no rows.
 */
export function latencyOf(model: Scorer, data: Dataset, rows: number): number {
  const count = Math.min(rows, data.rows);
  const singles = Array.from({ length: count }, (_, i) => {
    return data.features.take([Math.floor((i * data.rows) / count)]);
  });
  for (let warm = 0; warm < 200 && count > 0; warm++) model.predictProba(singles[warm % count]);
  const times: number[] = [];
  for (let at = 0; at < count; at += 16) {
    const round = singles.slice(at, at + 16);
    const start = performance.now();
    for (const row of round) model.predictProba(row);
    times.push((1000 * (performance.now() - start)) / round.length);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
