/** The most of the rows that are worth being chosen. */
const mostRows = 0.6;

/**
 * The rows that hold a gap open: those of the greatest divergences, so that the others' sum to `most` or little less; `null`
 * where that takes more than some six in ten. A tenth of the rows often holds three quarters of the gap.
 * @param rows to choose from
 */
export function openRows(
  rows: Uint32Array,
  divergences: Float64Array,
  most: number,
): Uint32Array<ArrayBuffer> | null {
  let bar = most / rows.length;
  if (!(bar > 0)) return null;
  while (bar < Number.MAX_VALUE / 2 && below(rows, divergences, 2 * bar) <= most) bar *= 2;
  const chosen = rows.filter((i) => divergences[i] >= bar);
  return chosen.length <= mostRows * rows.length ? new Uint32Array(chosen) : null;
}

/** The sum of the divergences below a bar; infinite where all are. */
function below(rows: Uint32Array, divergences: Float64Array, bar: number): number {
  let sum = 0;
  let count = 0;
  for (const i of rows) {
    if (divergences[i] >= bar) continue;
    sum += divergences[i];
    count++;
  }
  return count === rows.length ? Number.POSITIVE_INFINITY : sum;
}
