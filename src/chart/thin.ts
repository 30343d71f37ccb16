/** The bytes of JSON that one chart's points may take. */
export const byteBudget = 100_000;

const bytesPerPoint = 26;

/** A line, thinned where it had too many points. */
export interface ThinnedLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** What to say in the chart; empty where all points are drawn. */
  readonly note: string;
}

/**
 * The points of a line that keep its shape: in each stretch the one that spans the largest triangle with its
 * neighbours (Steinarsson, 2013, LTTB), in six significant digits. `lines` of them share the byte budget.
 */
export function thinLine(x: ArrayLike<number>, y: ArrayLike<number>, lines = 1): ThinnedLine {
  const most = Math.max(Math.floor(byteBudget / bytesPerPoint / lines), 16);
  const all = x.length;
  const kept = all <= most ? Array.from({ length: all }, (_, i) => i) : largestTriangles(x, y, most);
  return {
    x: kept.map((i) => rounded(x[i])),
    y: kept.map((i) => rounded(y[i])),
    note: all <= most ? "" : `${most.toLocaleString("en")} of ${all.toLocaleString("en")} points drawn`,
  };
}

/** Six significant digits, more than a screen can show. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function largestTriangles(x: ArrayLike<number>, y: ArrayLike<number>, count: number): number[] {
  const last = x.length - 1;
  const width = (last - 1) / (count - 2);
  const kept = [0];
  for (let bucket = 0; bucket < count - 2; bucket++) {
    const from = 1 + Math.floor(bucket * width);
    const to = Math.min(1 + Math.floor((bucket + 1) * width), last);
    const end = Math.min(1 + Math.floor((bucket + 2) * width), last + 1);
    const [nextX, nextY] = centre(x, y, to, Math.max(end, to + 1));
    const before = kept[kept.length - 1];
    let best = from;
    let largest = -1;
    for (let i = from; i < to; i++) {
      const area = Math.abs(
        (x[before] - nextX) * (y[i] - y[before]) - (x[before] - x[i]) * (nextY - y[before]),
      );
      if (area <= largest) continue;
      largest = area;
      best = i;
    }
    kept.push(best);
  }
  return [...kept, last];
}

function centre(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number): [number, number] {
  let sumX = 0;
  let sumY = 0;
  for (let i = from; i < to; i++) {
    sumX += x[i];
    sumY += y[i];
  }
  return [sumX / (to - from), sumY / (to - from)];
}
