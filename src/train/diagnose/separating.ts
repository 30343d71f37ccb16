import type { Dataset } from "../../matrix/dataset";
import { eachStored } from "./moments";

/** A table of every column and class beyond this many numbers is not made. */
const mostCells = 2 ** 25;

/** A column that alone tells a class from all others by one threshold. */
interface Separating {
  readonly column: number;
  /** The number of the class. */
  readonly class: number;
}

/** The columns that alone separate a class from all others, at least two rows of each; `null` where there are too many to look. */
export function separatingColumns(data: Dataset): Separating[] | null {
  const { columns, labels, weights } = data;
  const K = data.classes.length;
  if (columns * K > mostCells) return null;
  const low = new Float32Array(columns * K).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(columns * K).fill(Number.NEGATIVE_INFINITY);
  const counts = new Uint32Array(columns * K);
  const rows = new Uint32Array(K);
  labels.forEach((k, i) => {
    if (weights === null || weights[i] > 0) rows[k]++;
  });
  eachStored(data, (i, j, x) => {
    const at = j * K + labels[i];
    counts[at]++;
    if (x < low[at]) low[at] = x;
    if (x > high[at]) high[at] = x;
  });
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] >= rows[at % K]) continue;
    low[at] = Math.min(low[at], 0);
    high[at] = Math.max(high[at], 0);
  }
  const found: Separating[] = [];
  for (let j = 0; j < columns; j++) {
    const k = separatedClass(low.subarray(j * K, (j + 1) * K), high.subarray(j * K, (j + 1) * K), rows);
    if (k >= 0) found.push({ column: j, class: k });
  }
  return found;
}

/** The class whose interval lies wholly above or below all others, the last of two; -1 where there is none. */
function separatedClass(low: Float32Array, high: Float32Array, rows: Uint32Array): number {
  let top = -1;
  let bottom = -1;
  for (let k = 0; k < rows.length; k++) {
    if (rows[k] === 0) continue;
    if (top < 0 || high[k] > high[top]) top = k;
    if (bottom < 0 || low[k] < low[bottom]) bottom = k;
  }
  if (top < 0) return -1;
  const total = rows.reduce((sum, count) => sum + count, 0);
  const apart = (k: number) => rows[k] >= 2 && total - rows[k] >= 2;
  let above = apart(top);
  let below = apart(bottom);
  for (let k = 0; k < rows.length; k++) {
    if (rows[k] === 0) continue;
    if (k !== top && !(high[k] < low[top])) above = false;
    if (k !== bottom && !(low[k] > high[bottom])) below = false;
  }
  return above ? top : below ? bottom : -1;
}
