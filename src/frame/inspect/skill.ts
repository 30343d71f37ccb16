import { Random } from "../../base/random";
import { isMissing } from "../columns";

const bins = 32;

/**
 * Groups of rows that a column alone tells apart: a group a level, or a bin between quantiles of numbers, and one of
 * rows where it is missing.
 */
export function groupsOf(values: ArrayLike<unknown>, numeric: boolean): Uint32Array {
  const groups = new Uint32Array(values.length);
  if (numeric) {
    const present = Array.from(values).filter((value) => !isMissing(value)) as number[];
    const sorted = Float64Array.from(present).sort();
    const edges = Array.from(
      { length: bins - 1 },
      (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / bins)],
    );
    for (let i = 0; i < values.length; i++) {
      if (isMissing(values[i])) continue;
      let low = 0;
      let high = edges.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (edges[middle] <= (values[i] as number)) low = middle + 1;
        else high = middle;
      }
      groups[i] = 1 + low;
    }
    return groups;
  }
  const numbers = new Map<string, number>();
  for (let i = 0; i < values.length; i++) {
    if (isMissing(values[i])) continue;
    const level = String(values[i]);
    let number = numbers.get(level);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(level, number);
    }
    groups[i] = number;
  }
  return groups;
}

/**
 * How much of the log-loss of the classes' shares a column takes away alone, on rows held out: 1 where it tells the class, 0
 * where it tells nothing or less. Each half of the rows is judged by the other, where a group counts with its own shares and
 * one row's worth of all rows' (so a column of names that never come again tells nothing).
 * @param labels class numbers below `classes`
 */
export function skillOf(groups: Uint32Array, labels: Uint32Array, classes: number, seed: number): number {
  const rows = labels.length;
  const order = new Random(seed).shuffle(Uint32Array.from({ length: rows }, (_, i) => i));
  const half = rows >> 1;
  const halves = [order.subarray(0, half), order.subarray(half)];
  const width = groups.reduce((most, group) => Math.max(most, group), 0) + 1;
  let loss = 0;
  let baseline = 0;
  halves.forEach((held, h) => {
    const learned = halves[1 - h];
    const counts = new Uint32Array(width * classes);
    const sizes = new Uint32Array(width);
    const shares = new Float64Array(classes).fill(1);
    for (const i of learned) {
      counts[groups[i] * classes + labels[i]]++;
      sizes[groups[i]]++;
      shares[labels[i]]++;
    }
    for (let k = 0; k < classes; k++) shares[k] /= learned.length + classes;
    for (const i of held) {
      const share = shares[labels[i]];
      baseline -= Math.log(share);
      loss -= Math.log((counts[groups[i] * classes + labels[i]] + share) / (sizes[groups[i]] + 1));
    }
  });
  return baseline === 0 ? 0 : Math.max(0, 1 - loss / baseline);
}

/**
 * True where a threshold on the numbers parts one class from all others: without a penalty its weight grows without end
 * (Albert and Anderson, 1984).
 */
export function separates(values: ArrayLike<unknown>, labels: Uint32Array, classes: number): boolean {
  const low = new Float64Array(classes).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(classes).fill(Number.NEGATIVE_INFINITY);
  const count = new Uint32Array(classes);
  for (let i = 0; i < values.length; i++) {
    if (isMissing(values[i])) continue;
    const x = values[i] as number;
    const k = labels[i];
    count[k]++;
    if (x < low[k]) low[k] = x;
    if (x > high[k]) high[k] = x;
  }
  if (count.some((n) => n === 0)) return false;
  for (let k = 0; k < classes; k++) {
    const others = Array.from({ length: classes }, (_, c) => c).filter((c) => c !== k);
    const below = others.every((c) => high[k] < low[c]);
    const above = others.every((c) => low[k] > high[c]);
    if (below || above) return true;
  }
  return false;
}

/** The levels, of at least `least` rows each, that occur with one class alone. */
export function pureLevels(groups: Uint32Array, labels: Uint32Array, least: number): number {
  const counts = new Map<number, { rows: number; label: number; pure: boolean }>();
  for (let i = 0; i < groups.length; i++) {
    const of = counts.get(groups[i]);
    if (of === undefined) counts.set(groups[i], { rows: 1, label: labels[i], pure: true });
    else {
      of.rows++;
      of.pure &&= of.label === labels[i];
    }
  }
  return [...counts.values()].filter(({ rows, pure }) => pure && rows >= least).length;
}
