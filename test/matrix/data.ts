import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";

/** Rows whose one feature is their number, with as many rows of each class as `counts` says, in random order. */
export function numberedRows(counts: readonly number[], weighted: boolean = false): Dataset {
  const labels = new Random(1).shuffle(Uint32Array.from(counts.flatMap((n, k) => new Array(n).fill(k))));
  return Dataset.from({
    features: Array.from(labels, (_, i) => [i]),
    labels,
    classes: counts.map((_, k) => k),
    ...(weighted ? { weights: Array.from(labels, (_, i) => i + 1) } : {}),
  });
}

/** The row numbers that {@link numberedRows} put into the feature. */
export function rowNumbers({ features }: Dataset): number[] {
  return Array.from(features.values!);
}
